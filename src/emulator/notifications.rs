//! Notification policies, and the signed webhooks that they send.
//!
//! What happens to invoices is announced to every policy of the channel `WEBHOOK` that wants its type: a new
//! invoice as `INVOICE_CREATED`, one that becomes final or sent as `INVOICE_ISSUED`, a reminder as
//! `INVOICE_REMINDER_SENT`, every other change as `INVOICE_UPDATED`. Deletion has no type of its own, so it
//! is not announced. Each delivery is attempted once, in the order of what happened. Only recipients on this
//! machine (plain HTTP to a loopback address) are reached; deliveries to others, and mail, are
//! recorded as not delivered.

use std::sync::Arc;
use std::time::Duration;

use http::StatusCode;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use url::{Host, Url};

use crate::clock::Timer;
use crate::webhook::{SIGNATURE_HEADER, Secret, Signer};

use super::dispatch::{Account, Answer, Call};
use super::pages::{Entry, SortKey, page};
use super::problem::Problem;
use super::state::{State, instant};

/// How long a receiver may take to answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// A subscription.
#[derive(Debug)]
pub(super) struct Policy {
    id: String,
    sequence: u64,
    name: String,
    channel: String,
    recipients: Vec<String>,
    /// `None` wants all types.
    types: Option<Vec<String>>,
    secret: Option<String>,
    created_at: String,
}

/// One webhook that was sent, or was to be sent.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Delivery {
    /// The recipient, as the policy names it.
    pub recipient: String,
    /// The type of the event, such as `INVOICE_CREATED`.
    pub notification_type: String,
    /// The value of the header `Sequence-Signature`.
    pub signature: String,
    /// The body, byte by byte as it was signed.
    pub body: Vec<u8>,
    /// The status that the receiver answered with; `None` if it was not reached.
    pub status: Option<u16>,
}

/// The way out for webhooks. Without one, they are forgotten.
pub(super) type Outbox = UnboundedSender<Delivery>;

/// The way out, and the task at its other end.
pub(super) fn courier() -> (Outbox, UnboundedReceiver<Delivery>) {
    unbounded_channel()
}

/// Delivers webhooks one after the other, until all senders are dropped.
pub(super) async fn deliver(account: Arc<Account>, mut inbox: UnboundedReceiver<Delivery>) {
    while let Some(mut delivery) = inbox.recv().await {
        let posted = Timer::new(&*account.clock, PATIENCE).bound(post(&delivery)).await;
        delivery.status = posted.flatten();
        account.state().deliveries.push(delivery);
    }
}

/// Posts to a receiver on this machine, and gives its status.
async fn post(delivery: &Delivery) -> Option<u16> {
    let url = Url::parse(&delivery.recipient)
        .ok()
        .filter(|url| url.scheme() == "http")?;
    let is_here = match url.host()? {
        Host::Domain(name) => name == "localhost",
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => address.is_loopback(),
    };
    if !is_here {
        return None;
    }
    let address = url.socket_addrs(|| None).ok()?;
    let mut stream = TcpStream::connect(&*address).await.ok()?;
    let target = &url[url::Position::BeforePath..url::Position::AfterQuery];
    let authority = &url[url::Position::BeforeHost..url::Position::AfterPort];
    let head = format!(
        "POST {target} HTTP/1.1\r\nhost: {authority}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n{SIGNATURE_HEADER}: {}\r\nconnection: close\r\n\r\n",
        delivery.body.len(),
        delivery.signature,
    );
    stream.write_all(head.as_bytes()).await.ok()?;
    stream.write_all(&delivery.body).await.ok()?;
    let mut answer = Vec::new();
    // The first line is all that counts.
    while !answer.contains(&b'\n') && answer.len() < 1_024 {
        if stream.read_buf(&mut answer).await.ok()? == 0 {
            break;
        }
    }
    std::str::from_utf8(&answer)
        .ok()?
        .split(' ')
        .nth(1)?
        .get(..3)?
        .parse()
        .ok()
}

/// Announces what an operation did, where anybody wants to hear it.
pub(super) fn announce(state: &State, operation_id: &str, answer: &Answer) {
    let Answer::Json(_, resource) = answer else { return };
    let notification_type = match operation_id {
        "invoice_create" | "invoice_merge" => "INVOICE_CREATED",
        "invoice_finalize" | "invoice_send" | "invoice_finalize_and_send" | "invoice_mark_as_sent" => {
            "INVOICE_ISSUED"
        }
        "invoice_send_payment_reminder" => "INVOICE_REMINDER_SENT",
        "invoice_update"
        | "invoice_patch"
        | "invoice_patch_sent"
        | "invoice_draft"
        | "invoice_void"
        | "invoice_update_payment_status" => "INVOICE_UPDATED",
        _ => return,
    };
    let body = json!({
        "notificationType": notification_type,
        "sequenceAccountId": state.account_id,
        "resourceType": "InvoiceResponse",
        "resourceId": resource["id"],
        "resource": resource,
    })
    .to_string();
    for policy in state.policies.values() {
        let wants = policy
            .types
            .as_ref()
            .is_none_or(|types| types.iter().any(|wanted| wanted == notification_type));
        let Some(secret) = policy.secret.as_ref().and_then(|secret| Secret::new(secret).ok()) else {
            continue;
        };
        if !wants {
            continue;
        }
        let signature = Signer::new(secret).sign_at(body.as_bytes(), state.now().into());
        for recipient in &policy.recipients {
            let delivery = Delivery {
                recipient: recipient.clone(),
                notification_type: notification_type.to_owned(),
                signature: signature.clone(),
                body: body.clone().into_bytes(),
                status: None,
            };
            if let Some(outbox) = &state.outbox {
                // The courier ends only with the emulator itself.
                let _ = outbox.send(delivery);
            }
        }
    }
}

impl Policy {
    fn write(&self, state: &State) -> Value {
        let mut policy = json!({
            "id": self.id,
            "sequenceAccountId": state.account_id,
            "name": self.name,
            "channel": self.channel,
            "recipients": self.recipients,
            "createdAt": self.created_at,
        });
        if let Some(types) = &self.types {
            policy["notificationTypes"] = json!(types);
        }
        if let Some(secret) = &self.secret {
            policy["webhookSecret"] = json!(secret);
        }
        policy
    }
}

pub(super) fn notification_policy_create(state: &mut State, call: &Call) -> Result<Answer, Problem> {
    let channel = call.text("channel").unwrap_or_default().to_owned();
    let recipients = owned(&call.texts("recipients"));
    if recipients.is_empty() {
        return Err(Problem::invalid("body.recipients: name at least one."));
    }
    let id = state.new_id();
    let secret = (channel == "WEBHOOK").then(|| match call.text("webhookSecret") {
        Some(secret) => secret.to_owned(),
        None => format!("whsec_{}", id.replace('-', "")),
    });
    let policy = Policy {
        sequence: state.next_sequence(),
        name: call.text("name").unwrap_or_default().to_owned(),
        types: call
            .body()
            .contains_key("notificationTypes")
            .then(|| owned(&call.texts("notificationTypes"))),
        created_at: instant(state.now()),
        id: id.clone(),
        channel,
        recipients,
        secret,
    };
    let written = policy.write(state);
    state.policies.insert(id, policy);
    Ok(Answer::Json(StatusCode::CREATED, written))
}

pub(super) fn notification_policy_list(state: &State, call: &Call) -> Result<Answer, Problem> {
    let wanted = call.query.one("notificationType");
    let policies = state
        .policies
        .values()
        .filter(|policy| match (wanted, &policy.types) {
            (Some(wanted), Some(types)) => types.iter().any(|one| one == wanted),
            _ => true,
        });
    let entries = policies.map(|policy| Entry {
        key: SortKey::Text(policy.created_at.clone()),
        sequence: policy.sequence,
        item: policy,
    });
    Ok(Answer::ok(page(entries.collect(), call, |policy| {
        policy.write(state)
    })?))
}

pub(super) fn notification_policy_get(state: &State, call: &Call) -> Result<Answer, Problem> {
    let policy = state
        .policies
        .get(call.path("id"))
        .ok_or_else(|| no_policy(call))?;
    Ok(Answer::ok(policy.write(state)))
}

pub(super) fn notification_policy_delete(state: &mut State, call: &Call) -> Result<Answer, Problem> {
    let policy = state
        .policies
        .remove(call.path("id"))
        .ok_or_else(|| no_policy(call))?;
    Ok(Answer::ok(policy.write(state)))
}

pub(super) fn notification_policy_add_notification_types(
    state: &mut State,
    call: &Call,
) -> Result<Answer, Problem> {
    let added = owned(&call.texts("notificationTypes"));
    change(state, call, |policy| {
        if let Some(types) = &mut policy.types {
            types.extend(added);
            types.dedup();
        }
    })
}

pub(super) fn notification_policy_remove_notification_type(
    state: &mut State,
    call: &Call,
) -> Result<Answer, Problem> {
    let removed = call.path("type").to_owned();
    change(state, call, |policy| {
        if let Some(types) = &mut policy.types {
            types.retain(|one| *one != removed);
        }
    })
}

pub(super) fn notification_policy_add_recipients(state: &mut State, call: &Call) -> Result<Answer, Problem> {
    let added = owned(&call.texts("recipients"));
    change(state, call, |policy| {
        for recipient in added {
            if !policy.recipients.contains(&recipient) {
                policy.recipients.push(recipient);
            }
        }
    })
}

pub(super) fn notification_policy_remove_recipient(
    state: &mut State,
    call: &Call,
) -> Result<Answer, Problem> {
    let removed = call.path("recipient").to_owned();
    change(state, call, |policy| {
        policy.recipients.retain(|one| *one != removed)
    })
}

fn change(state: &mut State, call: &Call, act: impl FnOnce(&mut Policy)) -> Result<Answer, Problem> {
    act(state
        .policies
        .get_mut(call.path("id"))
        .ok_or_else(|| no_policy(call))?);
    notification_policy_get(state, call)
}

fn no_policy(call: &Call) -> Problem {
    Problem::not_found(format!("There is no notification policy {}.", call.path("id")))
}

fn owned(texts: &[&str]) -> Vec<String> {
    texts.iter().map(ToString::to_string).collect()
}
