//! Events, and what is computed from them.

use sequencehq_emulator::contract::Operation as Op;
use serde_json::json;

use super::super::stage::Stage;
use super::Ids;

pub(super) fn make(stage: &mut Stage, ids: &Ids) {
    for count in [30, 90] {
        let body = json!({
            "customerAlias": "acme", "eventType": "call", "customerEventId": format!("call-{count}"),
            "eventTimestamp": "2026-01-01T09:30:00Z", "eventProperties": {"count": count, "region": "north"},
        });
        stage.ok(Op::UsageEventCreate, &[], "", Some(&body));
    }
    stage.list(Op::UsageEventList);
    let query = "customerAliases=acme&periodStart=2026-01-01&periodEnd=2026-01-31";
    let path = [("usageMetricId", ids.usage_metric.as_str())];
    stage.ok(Op::UsageMetricCalculate, &path, query, None);
    let body = json!({
        "customerAlias": "acme", "seatType": "admin", "eventTimestamp": "2026-01-01T09:30:00Z", "total": 7,
        "customerEventId": "seats",
    });
    let event = stage.new_id(Op::SeatEventCreate, body);
    stage.on(Op::SeatEventGet, &event);
    stage.list(Op::SeatEventList);
    stage.list(Op::SeatBalanceList);
}
