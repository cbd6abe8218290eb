//! What standard output allows.

use std::io::{self, BufWriter, IsTerminal, Write as _};

use clap::{ArgMatches, ColorChoice};

use crate::command;
use crate::connect::variable;

use super::table::printable;
use super::{Look, Printer};

/// Returns a printer to standard output, with the format, the columns and the colors that the arguments have.
pub(crate) fn printer(matches: &ArgMatches) -> Printer<BufWriter<io::Stdout>> {
    let columns = matches.get_many::<String>("columns").into_iter().flatten();
    let out = io::stdout();
    let is_terminal = out.is_terminal();
    Printer {
        format: command::output(matches),
        columns: columns.cloned().collect(),
        look: Look {
            has_color: has_color(command::color(matches), &out),
            width: is_terminal.then(terminal_width),
        },
        out: BufWriter::new(out),
    }
}

/// Prints a line to standard output.
pub(crate) fn line(text: &str) -> io::Result<()> {
    writeln!(io::stdout(), "{text}")
}

/// Prints a line for people to standard error. Without it, the exit status remains.
pub(crate) fn note(text: &str) {
    // One call, so that lines of several programs do not mix.
    let _ = io::stderr().write_all(format!("{}\n", shown(text)).as_bytes());
}

/// Escapes what would move the cursor of a terminal or change its state, except line breaks: messages repeat what a server sends.
pub(crate) fn shown(text: &str) -> String {
    text.split('\n').map(printable).collect::<Vec<_>>().join("\n")
}

/// Whether a stream has colors. An empty NO_COLOR counts as unset, and a terminal that is `dumb` has none.
pub(crate) fn has_color(choice: ColorChoice, stream: &impl IsTerminal) -> bool {
    match choice {
        ColorChoice::Always => true,
        ColorChoice::Never => false,
        ColorChoice::Auto => {
            let is_dumb = variable("TERM").is_some_and(|name| name == "dumb");
            stream.is_terminal() && !is_dumb && variable("NO_COLOR").is_none()
        }
    }
}

/// Returns the number of columns of the terminal.
fn terminal_width() -> usize {
    const USUAL: usize = 100;
    let given = variable("COLUMNS").and_then(|columns| columns.parse().ok());
    given.unwrap_or_else(|| terminal_size().unwrap_or(USUAL))
}

fn terminal_size() -> Option<usize> {
    let (terminal_size::Width(width), _) = terminal_size::terminal_size()?;
    Some(width.into())
}
