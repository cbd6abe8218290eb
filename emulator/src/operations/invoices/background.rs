//! What no source describes: a minimal answer (A1). Work in the background is accepted, and nothing shows its outcome.

use serde_json::json;

use crate::assumptions::A1;

use super::super::answer::{Answer, Outcome};
use super::super::call::Call;
use super::super::entry::Entry;
use super::record::existing;

pub(in super::super) const FIX_BILLING_RUNS: Entry = Entry::minimal(accept, "document, A1");
pub(in super::super) const RECONCILE: Entry = Entry::minimal(accept, "document, A1");
pub(in super::super) const CURRENCY_CONVERSIONS: Entry = Entry::minimal(conversions, "document, A1");

fn accept(call: &mut Call<'_, '_>) -> Outcome {
    call.assume(A1);
    Ok(Answer::Empty)
}

/// No invoice has a conversion.
fn conversions(call: &mut Call<'_, '_>) -> Outcome {
    existing(call)?;
    call.assume(A1);
    Ok(Answer::Json(json!({"items": []})))
}
