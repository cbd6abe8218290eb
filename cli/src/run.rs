//! Runs one operation of the document.

use std::fs::File;
use std::io::{self, IsTerminal as _, Write as _};
use std::path::Path;

use clap::ArgMatches;
use indicatif::{ProgressBar, ProgressStyle};
use sequencehq::OperationCall;
use sequencehq_document::model::{List, Operation, Success};
use serde_json::value::RawValue;

use crate::catalog::Catalog;
use crate::command::{self, ARGUMENT, Format};
use crate::failure::Failure;
use crate::json::Json;
use crate::output;
use crate::{body, connect, safety};

/// An operation with its arguments.
pub(crate) struct Run<'a> {
    pub(crate) catalog: &'a Catalog,
    pub(crate) operation: &'a Operation,
    /// The command, such as `mark-as-sent`.
    pub(crate) verb: &'a str,
    pub(crate) matches: &'a ArgMatches,
}

impl Run<'_> {
    pub(crate) async fn run(&self) -> Result<(), Failure> {
        let connected = connect::client(self.matches)?;
        let call = self.call(connected.client.operation(&self.operation.id))?;
        let request = call.preview()?;
        if self.matches.get_flag("dry-run") {
            return Ok(output::request(&request)?);
        }
        let is_asked = connected.is_production && safety::is_final(self.verb, self.operation);
        if is_asked && !self.matches.get_flag("yes") {
            safety::confirm(&format!(
                "`{}` ({} {})",
                self.operation.id,
                request.method(),
                request.uri()
            ))?;
        }
        if self.operation.success == Success::Pdf {
            return self.download(call).await;
        }
        let chosen = output::printer(self.matches).columns;
        for warning in output::warnings(self.catalog.row_schema(self.operation), &chosen) {
            output::note(&warning);
        }
        if self.flag("all") {
            return self.all(call).await;
        }
        let value = call.send::<Box<RawValue>>().await?.into_inner();
        let value = Json::parse(value.get()).map_err(|error| Failure::Local(error.to_string()))?;
        self.print(&value)
    }

    /// Adds the arguments of the command to the call.
    fn call(&self, mut call: OperationCall) -> Result<OperationCall, Failure> {
        for parameter in self.operation.path_params.iter().chain(&self.operation.query) {
            let id = format!("{ARGUMENT}{}", parameter.name);
            let Some(values) = self.matches.get_many::<String>(&id) else {
                continue;
            };
            let values: Vec<&String> = values.collect();
            call = match (parameter.list, values.as_slice()) {
                (List::Single, [value]) => call.argument(&parameter.name, value),
                _ => call.argument(&parameter.name, values),
            };
        }
        if let Some(schema) = &self.operation.body {
            let source = self.matches.get_one::<String>("body").map(String::as_str);
            let set = self.matches.get_many::<String>("set").into_iter().flatten();
            let set: Vec<&str> = set.map(String::as_str).collect();
            let body = body::read(self.catalog, schema, source, &set).map_err(Failure::Input)?;
            let body = body.ok_or_else(|| {
                Failure::Input(format!(
                    "the body is missing. Add `--set FIELD=VALUE` for each field, or `--body JSON`; `--help` of `{}` lists the fields.",
                    self.verb
                ))
            })?;
            call = call.body(&body);
        }
        if let Ok(Some(key)) = self.matches.try_get_one::<String>("idempotency-key") {
            call = call.idempotency_key(key);
        }
        Ok(call)
    }

    fn flag(&self, name: &str) -> bool {
        matches!(self.matches.try_get_one::<bool>(name), Ok(Some(true)))
    }

    fn default_columns(&self) -> Vec<String> {
        let schema = self.catalog.row_schema(self.operation);
        output::of_schema(self.catalog, schema, command::output(self.matches))
    }

    fn print(&self, value: &Json) -> Result<(), Failure> {
        if self.operation.success == Success::Nothing {
            return Ok(());
        }
        let printer = output::printer(self.matches);
        let items = value.get("items").and_then(Json::items);
        let Some(items) = items else {
            return Ok(printer.one(value)?);
        };
        // A program that reads JSON needs the cursor too.
        if matches!(printer.format, Format::Json | Format::Yaml) && printer.columns.is_empty() {
            return Ok(printer.one(value)?);
        }
        let mut rows = printer.rows(self.default_columns());
        for item in items {
            rows.row(item)?;
        }
        let shown = rows.finish()?;
        if let Some(cursor) = value.at("pagination.after").and_then(Json::text)
            && self.operation.paginated
        {
            let total = value
                .at("pagination.totalResultSize")
                .map(Json::cell)
                .unwrap_or_default();
            let of = if total.is_empty() {
                String::new()
            } else {
                format!(" of {total}")
            };
            output::note(&format!(
                "{shown}{of} are shown; --all prints all of them, and --after {cursor} the next page"
            ));
        }
        Ok(())
    }

    /// Prints the items of all pages, as they arrive.
    async fn all(&self, call: OperationCall) -> Result<(), Failure> {
        let mut items = call.items::<Box<RawValue>>();
        let mut rows = output::printer(self.matches).rows(self.default_columns());
        // Beside a result on the same terminal, a bar would be in the way.
        let is_watched = io::stderr().is_terminal() && !io::stdout().is_terminal();
        let bar = if is_watched {
            ProgressBar::no_length()
        } else {
            ProgressBar::hidden()
        };
        if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos}/{len} {per_sec} eta {eta}") {
            bar.set_style(style);
        }
        let result = loop {
            match items.try_next().await {
                Ok(Some(item)) => {
                    let item = Json::parse(item.get()).map_err(|error| Failure::Local(error.to_string()))?;
                    rows.row(&item)?;
                    if let Some(total) = items.total() {
                        bar.set_length(u64::try_from(total).unwrap_or_default());
                    }
                    bar.inc(1);
                }
                Ok(None) => break Ok(()),
                Err(error) => break Err(error),
            }
        };
        bar.finish_and_clear();
        // What arrived before an error is printed, in a form that is complete.
        let printed = rows.finish()?;
        result.map_err(|error| {
            output::note(&format!(
                "the list is incomplete: {printed} items were printed before the error"
            ));
            error.into()
        })
    }

    async fn download(&self, call: OperationCall) -> Result<(), Failure> {
        let target = self.matches.get_one::<String>("to").map(String::as_str);
        if target.is_none() && io::stdout().is_terminal() {
            return Err(Failure::Input(
                "the file cannot be shown on a terminal. Add `--to FILE`, or redirect standard output."
                    .to_owned(),
            ));
        }
        let mut pdf = call.download().await?.into_inner();
        match target {
            None | Some("-") => {
                let mut out = io::stdout().lock();
                while let Some(chunk) = pdf.chunk().await? {
                    out.write_all(&chunk)?;
                }
                out.flush()?;
            }
            // So the path has a complete file or is unchanged.
            Some(path) if !Path::new(path).exists() || Path::new(path).is_file() => {
                pdf.save(path).await?;
            }
            // A device or a pipe.
            Some(path) => {
                let at = |error: io::Error| Failure::Local(format!("{path}: {error}"));
                let mut file = File::create(path).map_err(at)?;
                while let Some(chunk) = pdf.chunk().await? {
                    file.write_all(&chunk).map_err(at)?;
                }
            }
        }
        Ok(())
    }
}
