"""Bills a customer for a month, with nothing but Python's standard library.

    python3 emulator/tests/story.py target/debug/sequencehq-emulator

Starts the program, puts a customer on a plan with a fee, seats and usage, moves the clock by a month, and checks the
invoice, its PDF and the signed webhook about it. Prints a line for each step, and ends with status 1 at the first that fails.
"""

import base64
import hashlib
import hmac
import http.server
import json
import queue
import signal
import subprocess
import sys
import threading
import urllib.error
import urllib.request

SECRET = "whsec_story"
# How long to wait for a webhook.
PATIENCE = 20


class Client:
    """Calls the API and the control with what the ready line has."""

    def __init__(self, ready):
        self.url, self.control = ready["url"], ready["control"]
        pair = f'{ready["clientId"]}:{ready["clientSecret"]}'.encode()
        self.authorization = "Basic " + base64.b64encode(pair).decode()

    def raw(self, method, url, body=None, headers=None):
        """Returns the status and the bytes of a response, also of a refusal."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(url, data, headers or {}, method=method)
        if data is not None:
            request.add_header("Content-Type", "application/json")
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE) as response:
                return response.status, response.read()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read()

    def call(self, method, path, body=None, status=None):
        """Calls the API, and returns the JSON of the response."""
        headers = {"Authorization": self.authorization}
        found, text = self.raw(method, self.url + path, body, headers)
        expected = status or (201 if method == "POST" else 200)
        assert found == expected, f"{method} {path}: {found} {text.decode()}"
        return json.loads(text)

    def steer(self, method, path, body=None, status=200):
        """Calls the control, and returns the JSON of the response."""
        found, text = self.raw(method, self.control + path, body)
        assert found == status, f"{method} {path}: {found} {text.decode()}"
        return json.loads(text)


class Receiver(http.server.BaseHTTPRequestHandler):
    """Accepts webhooks whose signature is right."""

    received = queue.Queue()

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        parts = dict(part.split("=", 1) for part in self.headers["Sequence-Signature"].split(","))
        signed = parts["t"].encode() + b"." + body
        expected = hmac.new(SECRET.encode(), signed, hashlib.sha256).hexdigest()
        is_genuine = hmac.compare_digest(expected, parts["s"])
        self.send_response(200 if is_genuine else 401)
        self.send_header("Content-Length", "0")
        self.end_headers()
        self.received.put((is_genuine, json.loads(body)))

    def log_message(self, *_):
        pass


def check(step, found, expected):
    """Compares, and prints the step."""
    assert found == expected, f"{step}: {found!r} instead of {expected!r}"
    print(f"ok: {step}")


def subscribe(client):
    """Announces issued invoices to a receiver of our own."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    policy = {
        "name": "Issued invoices",
        "channel": "WEBHOOK",
        "recipients": [f"http://127.0.0.1:{server.server_port}/hook"],
        "notificationTypes": ["INVOICE_ISSUED"],
        "webhookSecret": SECRET,
    }
    client.call("POST", "/notifications/policies", policy)


def make_plan(client):
    """A fee of 99.50 in advance, 8.00 for each seat and 0.25 for each call in arrears. Returns the ids of the prices."""
    product = client.call("POST", "/products", {"name": "Platform"})["id"]
    seats = client.call("POST", "/seat-metrics", {"seatType": "member", "label": "Members"})["id"]
    metric = {"name": "Calls", "metricType": "SIMPLE", "eventType": "api_call", "aggregationType": "COUNT"}
    calls = client.call("POST", "/usage-metrics", metric)["id"]
    structures = {
        "Base fee": {"pricingType": "FIXED", "price": "99.50"},
        "Seats": {
            "pricingType": "SEAT_BASED",
            "seatMetricId": seats,
            "pricePerSeat": "8.00",
            "prorationStrategy": "USE_MAXIMUM",
            "contractedMinimumSeats": 0,
            "tiers": [],
        },
        "Calls": {
            "pricingType": "LINEAR",
            "usageMetricId": calls,
            "pricePerUnit": "0.25",
            "isPricePercentage": False,
        },
    }
    prices = []
    for name, structure in structures.items():
        price = {
            "productId": product,
            "name": name,
            "currency": "GBP",
            "billingFrequency": "MONTHLY",
            "billingType": "IN_ADVANCE" if name == "Base fee" else "IN_ARREARS",
            "structure": structure,
        }
        prices.append(client.call("POST", "/prices", price)["id"])
    return prices


def sign_up(client, prices):
    """A customer on the plan, whose invoices are issued by the clock. Returns its id."""
    customer = {
        "legalName": "Acme Ltd",
        "taxStatus": "TAXED",
        "address": {"line1": "1 Example Street", "town": "London", "postcode": "EC1A 1AA", "country": "GB"},
        "contacts": [{"name": "Ada", "email": "ada@acme.example", "billingPreference": "PRIMARY"}],
        "customerAliases": ["acme"],
    }
    customer = client.call("POST", "/customers", customer)["id"]
    schedule = {
        "customerId": customer,
        "startDate": "2026-01-01",
        "taxRates": [],
        "autoIssueInvoices": True,
        "isDraft": False,
        "rollUpBilling": False,
        "phases": [{"startDate": "2026-01-01", "priceIds": prices}],
    }
    client.call("POST", "/billing-schedules", schedule)
    return customer


def report_usage(client):
    """Three seats and four calls in January."""
    seats = {"customerAlias": "acme", "seatType": "member", "eventTimestamp": "2026-01-05T09:00:00Z", "total": 3}
    client.call("POST", "/seat-events", seats)
    for day in (6, 7, 8, 9):
        event = {"customerAlias": "acme", "eventType": "api_call", "eventTimestamp": f"2026-01-{day:02}T10:00:00Z"}
        client.call("POST", "/usage-events", event)


def check_invoice(client, customer):
    """The invoice of 1 February: the fee of February, and what January used."""
    invoices = client.call("GET", f"/invoices?customerId={customer}&limit=100")["items"]
    issued = [one for one in invoices if one["accountingDate"] == "2026-02-01"]
    check("one invoice is dated 1 February", len(issued), 1)
    invoice = issued[0]
    # 99.50, 3 seats at 8.00 and 4 calls at 0.25.
    check("its total is right", (invoice["netTotal"], invoice["status"]), ("124.50", "SENT"))
    headers = {"Authorization": client.authorization}
    status, pdf = client.raw("GET", f'{client.url}/invoices/{invoice["id"]}/download', headers=headers)
    check("it is a PDF", (status, pdf[:5]), (200, b"%PDF-"))
    return invoice["id"]


def check_webhook(invoice):
    """The webhook about the invoice, among those of earlier ones."""
    while True:
        is_genuine, event = Receiver.received.get(timeout=PATIENCE)
        check("a webhook is signed", is_genuine, True)
        if event["resource"]["id"] == invoice:
            return check("the invoice is announced", event["notificationType"], "INVOICE_ISSUED")


def check_refusals(client):
    """What is wrong is explained, and failures can be practised."""
    problem = client.call("POST", "/products", {"name": 7}, status=400)["error"]["message"]
    check("a refusal names the field", problem.startswith("body.name: "), True)
    refused = client.steer("GET", "requests?refused=true&limit=1")["items"][0]["refusal"]["message"]
    check("the control has the reason", refused, problem)
    client.steer("POST", "faults", {"kind": "status", "status": 503, "operation": "product_list"})
    client.call("GET", "/products", status=503)
    print("ok: an injected fault hits once")
    client.call("GET", "/products")


def story(client):
    prices = make_plan(client)
    subscribe(client)
    customer = sign_up(client, prices)
    report_usage(client)
    moved = client.steer("POST", "advance", {"by": "P1M"})
    check("the clock moves by a month", moved["today"], "2026-02-01")
    check_webhook(check_invoice(client, customer))
    check_refusals(client)
    client.steer("POST", "reset")
    check("a reset clears the account", client.call("GET", "/customers")["items"], [])


def main(program):
    command = [program, "--port", "0", "--date", "2026-01-01", "--log", "json"]
    # Requests are lines on standard error, which is not read here.
    running = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    try:
        story(Client(json.loads(running.stdout.readline())))
        running.send_signal(signal.SIGTERM)
        check("the program stops", running.wait(timeout=PATIENCE), 0)
    finally:
        running.kill()
        running.wait()


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: story.py PROGRAM")
    main(sys.argv[1])
