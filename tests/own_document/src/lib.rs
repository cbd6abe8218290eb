//! Requests approvals of invoices, with an operation that only this company has.

use sequencehq::types::{Approval, ApprovalRequest, ApprovalRuleInput, InvoiceId};
use sequencehq::{Client, Error};

/// Asks sales to approve an invoice, and then finance.
pub async fn request_approval(client: &Client, invoice: &InvoiceId) -> Result<Approval, Error> {
    let finance = ApprovalRuleInput::builder().approvers(["cfo@example.com"]);
    let sales = ApprovalRuleInput::builder()
        .approvers(["sales@example.com"])
        .next(finance);
    let request = ApprovalRequest::builder().reason("New customer").rule(sales);
    client
        .approvals()
        .request(invoice, request)
        .expires_after(7)
        .await
}

#[cfg(test)]
mod tests {
    use sequencehq::types::{Approval, ApprovalStatus, InvoiceId};
    use sequencehq::{Client, Credentials};
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::TcpListener;

    use super::request_approval;

    fn client(port: u16) -> Client {
        let credentials = Credentials::new("id", "secret").expect("valid");
        let client = Client::builder(credentials).base_url(format!("http://127.0.0.1:{port}"));
        client.build().expect("valid")
    }

    /// Answers one request with `body`, and returns the request.
    async fn answer(listener: TcpListener, body: &str) -> String {
        let (mut stream, _) = listener.accept().await.expect("a connection");
        let mut request = String::new();
        while !request.ends_with("}}}") {
            let mut part = [0; 4096];
            let count = stream.read(&mut part).await.expect("a request");
            assert!(count > 0, "the request ended: {request}");
            request += std::str::from_utf8(&part[..count]).expect("text");
        }
        let head = "HTTP/1.1 201 Created\r\ncontent-type: application/json\r\nconnection: close";
        let text = format!("{head}\r\ncontent-length: {}\r\n\r\n{body}", body.len());
        stream.write_all(text.as_bytes()).await.expect("sent");
        request
    }

    #[tokio::test]
    async fn the_private_operation_is_called_with_its_own_types() {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        let client = client(port);
        let invoice = InvoiceId::from("42");
        let (request, approval) = tokio::join!(
            answer(listener, r#"{"status": "2_OF_3"}"#),
            request_approval(&client, &invoice)
        );
        assert_eq!(approval.expect("created").status, ApprovalStatus::TwoOfThree);
        let (head, body) = request.split_once("\r\n\r\n").expect("a body");
        assert!(
            head.starts_with("POST /internal/invoices/42/approvals?timeout=7 "),
            "{head}"
        );
        assert_eq!(
            body,
            concat!(
                r#"{"reason":"New customer","rule":{"approvers":["sales@example.com"],"#,
                r#""next":{"approvers":["cfo@example.com"]}}}"#
            )
        );
    }

    #[test]
    fn its_own_types_have_samples_too() {
        let approval = Approval::sample();
        assert_eq!(approval.status, ApprovalStatus::Open);
        let granted = approval.with_status(ApprovalStatus::Granted);
        assert_eq!(granted.status, ApprovalStatus::Granted);
    }

    #[test]
    fn our_operations_are_there_too() {
        let client = client(9);
        let _call = client.invoices().get("42");
    }
}
