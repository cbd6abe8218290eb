//! `sequencehq completion` and `sequencehq man`: what shells and manuals need.

use std::io;
use std::path::PathBuf;

use clap::{Arg, ArgMatches, Command, value_parser};
use clap_complete::Shell;

use crate::failure::Failure;

pub(crate) fn commands() -> [Command; 2] {
    [
        Command::new("completion")
            .about("Prints the completion script of a shell")
            .long_about(
                "Prints the completion script of a shell. For bash: \
                 `sequencehq completion bash > ~/.local/share/bash-completion/completions/sequencehq`.",
            )
            .arg(
                Arg::new("shell")
                    .value_name("SHELL")
                    .required(true)
                    .value_parser(value_parser!(Shell))
                    .help("Shell that completes commands and options"),
            ),
        Command::new("man")
            .about("Writes the manual pages, one for each command")
            .arg(
                Arg::new("dir")
                    .value_name("DIR")
                    .required(true)
                    .value_parser(value_parser!(PathBuf))
                    .help("Folder for the pages, such as ~/.local/share/man/man1"),
            ),
    ]
}

pub(crate) fn completion(mut tree: Command, matches: &ArgMatches) -> Result<(), Failure> {
    let shell = matches.get_one::<Shell>("shell").copied().unwrap_or(Shell::Bash);
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut tree, "sequencehq", &mut script);
    Ok(io::Write::write_all(&mut io::stdout(), &script)?)
}

pub(crate) fn man(tree: Command, matches: &ArgMatches) -> Result<(), Failure> {
    let Some(dir) = matches.get_one::<PathBuf>("dir") else {
        return Err(Failure::Input("the folder is missing".to_owned()));
    };
    let written = std::fs::create_dir_all(dir).and_then(|()| clap_mangen::generate_to(tree, dir));
    written.map_err(|error| Failure::Local(format!("{}: {error}", dir.display())))
}
