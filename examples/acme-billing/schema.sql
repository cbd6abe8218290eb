-- Run at every start, so every statement can be repeated. Amounts are text: SQLite would add them up as floats.

-- One row for each sign-up, from the moment it is accepted. What is NULL is still to be done.
CREATE TABLE IF NOT EXISTS signups (
    id TEXT PRIMARY KEY,            -- the id of the customer in this system; an alias in Sequence
    request TEXT NOT NULL,          -- as it was accepted, JSON
    start_date TEXT NOT NULL,       -- billing starts on the day of the sign-up, whenever it is completed
    customer_id TEXT,               -- the customer in Sequence
    schedule_id TEXT,               -- the billing schedule in Sequence
    activated INTEGER NOT NULL DEFAULT 0
) STRICT;

-- One row for each use of the API that is billed.
CREATE TABLE IF NOT EXISTS usage_events (
    id TEXT PRIMARY KEY,            -- sent along: Sequence counts an id once
    customer TEXT NOT NULL REFERENCES signups (id),
    calls INTEGER NOT NULL,
    happened_at INTEGER NOT NULL,   -- microseconds since 1970; decides the billing period
    sent INTEGER NOT NULL DEFAULT 0,
    problem TEXT                    -- why Sequence refuses it; a person has to look
) STRICT;
CREATE INDEX IF NOT EXISTS usage_to_send ON usage_events (sent) WHERE sent = 0 AND problem IS NULL;

-- Every webhook that was processed.
CREATE TABLE IF NOT EXISTS webhooks (
    fingerprint TEXT PRIMARY KEY,   -- deliveries have no id
    event TEXT NOT NULL             -- the whole JSON
) STRICT;

-- Invoices, as webhooks report them.
CREATE TABLE IF NOT EXISTS invoices (
    id TEXT PRIMARY KEY,
    customer_id TEXT NOT NULL,
    number TEXT,
    status TEXT NOT NULL,
    payment_status TEXT NOT NULL,
    issue_date TEXT,
    due_date TEXT,
    currency TEXT NOT NULL,
    net_total TEXT NOT NULL,
    total_tax TEXT NOT NULL,
    gross_total TEXT NOT NULL,
    updated_at INTEGER NOT NULL     -- microseconds since 1970, to compare
) STRICT;
CREATE INDEX IF NOT EXISTS invoices_of_customer ON invoices (customer_id);
