//! A month end that fails halfway.

use acme_billing::month_end;
use sequencehq::emulator::Fault;
use sequencehq::types::InvoiceStatus;

use crate::stage::{Stage, day};

#[tokio::test]
async fn a_month_end_that_was_interrupted_is_completed_by_the_next_one() {
    let stage = Stage::begin().await;
    for customer in ["globex", "initech", "hooli"] {
        stage.sign_up(customer).await;
    }
    stage.emulator.advance_to(day("2026-02-01")).expect("forward");
    let run = async || {
        month_end::run(stage.client(), stage.app.today())
            .await
            .expect("listed")
    };
    // One is sent in spite of the lost connection, and one is not.
    stage
        .emulator
        .inject(Fault::drop_connection_after_acting().on("invoice_finalize_and_send"));
    stage
        .emulator
        .inject(Fault::status(503).on("invoice_finalize_and_send"));
    let report = run().await;
    assert_eq!((report.sent.len(), report.failed.len()), (2, 1), "{report}");
    // A crash between finalizing and sending.
    stage
        .client()
        .invoices()
        .finalize(&report.failed[0].0.id)
        .await
        .expect("final");
    let report = run().await;
    assert_eq!((report.sent.len(), report.failed.len()), (1, 0), "{report}");
    assert!(report.sent[0].status == InvoiceStatus::Sent);
    let sends = ["/finalize-and-send", "/send"];
    let sent = stage
        .emulator
        .requests()
        .into_iter()
        .filter(|it| sends.iter().any(|end| it.path.ends_with(end)));
    assert_eq!(sent.count(), 4, "three invoices, and one attempt that failed");
}
