//! The text of `--help`.

/// The text of `--help`.
pub(crate) const HELP: &str = "\
Emulates the Sequence billing API on this machine, without a network or an account.

Usage: sequencehq-emulator [options]

  --port PORT             Port to listen on; 0 is any that is free [default: 4010]
  --host ADDRESS          Address to listen on [default: 127.0.0.1]. Other machines can
                          reach one that is not a loopback address
  --client-id ID          Client id that is accepted [default: emulator-client]
  --client-secret SECRET  Client secret that is accepted [default: emulator-secret]
  --date YYYY-MM-DD       Stops the clock at noon UTC of this day, until it is advanced.
                          Without it, the clock runs with the system
  --seed FILE             Adds what this YAML describes to a new account: customers,
                          products, prices, schedules
  --demo                  Adds a company that ships with the emulator
  --data FILE             Keeps the account in this file over restarts
  --record DIR            Writes every request with its response to a file in this
                          folder, without credentials
  --strict                Refuses requests whose responses depend on rules that no
                          published source states, such as A19
  --assume A19,A48        Rules that responses may depend on with --strict
  --log FORMAT            Format of the lines for requests, `text` or `json`
                          [default: text]
  -h, --help              Prints this text
  -V, --version           Prints the version

Once requests are answered, standard output gets one line with the URL and the
credentials. Requests, warnings and errors are lines on standard error.

Ctrl-C and SIGTERM stop the emulator once running requests are answered; a second one
stops it at once.

Exit status: 0 after a stop, 1 if the emulator cannot start or go on, 2 for invalid
arguments, 130 after a second Ctrl-C or SIGTERM.
";
