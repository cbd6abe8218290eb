//! Signals.
#![cfg(unix)]

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use super::Program;

#[test]
fn both_signals_stop_the_program_with_status_0() {
    for signal in ["INT", "TERM"] {
        let program = Program::start(&[]);
        assert_eq!(program.send("GET /products", None).status, 200);
        // A connection that is kept open does not delay the stop.
        let mut idle = TcpStream::connect(program.address()).expect("the program listens");
        idle.write_all(b"GET /api/users HTTP/1.1\r\nhost: x\r\n\r\n")
            .expect("the program reads");
        let mut first = [0; 12];
        idle.read_exact(&mut first).expect("the program answers");
        assert_eq!(&first, b"HTTP/1.1 401");
        program.signal(signal);
        let (status, rest) = program.end();
        assert_eq!(status, Some(0), "{signal}: {rest}");
        assert!(!rest.contains("\"error\""), "{rest}");
    }
}

#[test]
fn a_second_signal_stops_a_program_that_waits_for_a_request() {
    let program = Program::start(&[]);
    let mut slow = TcpStream::connect(program.address()).expect("the program listens");
    slow.write_all(b"POST /api/products HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\n{")
        .expect("the program reads");
    // Answered after the request above was begun.
    assert_eq!(program.send("GET /products", None).status, 200);
    program.signal("TERM");
    while TcpStream::connect(program.address()).is_ok() {
        std::thread::yield_now();
    }
    program.signal("INT");
    assert_eq!(program.end().0, Some(130));
}
