//! How to use one key from several processes, and how to send usage with several workers. This module contains
//! documentation only.
//!
//! The API counts requests by key: 1,500 requests and 12,000 usage events per minute, for all processes together.
//!
//! # When to use which
//!
//! | you have | use | why |
//! | --- | --- | --- |
//! | one process | nothing: the default | the client keeps both limits itself |
//! | several clients in one process | [`rate_limit::InProcess`](crate::rate_limit::InProcess), or clones of one client | one limiter for all of them |
//! | a service and a job now and then | [`RateLimit::per_minute`](crate::RateLimit::per_minute) with fixed parts | no further system; the part of the one that is idle is wasted |
//! | several processes, and Redis or Valkey | `shared_limit` (feature `redis`) | 97 % of the limit, in equal parts among those that want it |
//! | several processes with another engine | a [`RateLimiter`](crate::rate_limit::RateLimiter) of your own | the trait has two methods |
//! | a file of events | [`Sender`](crate::usage::Sender) with [`Lines`](crate::usage::Lines) and a [`Journal`](crate::usage::Journal) | repeatable after a crash, without a queue |
//! | a queue of events, below 12,000 per minute | workers that share a limit, as below | nothing is lost, and nothing counts twice |
//! | more than 12,000 facts per minute | [`Rollup`](crate::usage::Rollup), then as above | adds up before sending |
//!
//! # The pattern of a worker
//!
//! 1. Read a batch from the queue, without removing it.
//! 2. Give each event an id that is derived from its place in the queue, and a timestamp that does not change when it is
//!    read again. If the producer set a `customerEventId`, keep it.
//! 3. Send the batch with [`Sender`](crate::usage::Sender).
//! 4. For each [`Outcome`](crate::usage::Outcome):
//!
//! | outcome | what to do |
//! | --- | --- |
//! | accepted, skipped | acknowledge |
//! | rejected, invalid | write it to a place for rejects, with the reason; then acknowledge |
//! | unknown, unsent | do not acknowledge: the queue delivers it again |
//!
//! A worker may die between any two of these steps. Then the queue delivers the event again, and it is sent
//! under the same id, which replaces the event by itself. So it counts once, with any number of workers and without
//! a journal.
//!
//! # Redis streams
//!
//! The example `usage_workers` is a complete program. Copy its `worker.rs`.
//!
//! | step | command |
//! | --- | --- |
//! | read | `XREADGROUP` |
//! | id | the name of the stream and the id of the entry |
//! | timestamp | in the event, or the milliseconds at the beginning of the id of the entry |
//! | acknowledge | `XACK` |
//! | rejects | `XADD` to another stream, in one transaction with `XACK` |
//! | events of a dead worker | `XAUTOCLAIM`, after a time that is longer than a batch takes |
//!
//! # Kafka
//!
//! | step | with Kafka |
//! | --- | --- |
//! | read | `poll` with `enable.auto.commit=false` |
//! | id | topic, partition and offset: [`derived_id`](crate::usage::derived_id)`("topic/3", offset, value)` |
//! | timestamp | in the event, or the timestamp of the record |
//! | acknowledge | commit an offset. It acknowledges all records before it, so commit only up to the first record of the partition that has neither been accepted nor rejected |
//! | rejects | produce to another topic, and wait for its acknowledgement before the commit |
//! | events of a dead worker | the rebalance of the consumer group gives its partitions to others, which begin at the committed offsets |
//!
//! # SQS
//!
//! | step | with SQS |
//! | --- | --- |
//! | read | `ReceiveMessage` |
//! | id | `MessageId`, which is the same in each delivery. A producer that repeats `SendMessage` makes another message: let it set the `customerEventId` |
//! | timestamp | in the event, or the attribute `SentTimestamp` |
//! | acknowledge | `DeleteMessage` |
//! | rejects | `SendMessage` to another queue, then `DeleteMessage`. A redrive policy would move them too, after several attempts in vain |
//! | events of a dead worker | become visible again after the visibility timeout. Set it above the longest time of a call (120 s by default), times the batches that wait |
//!
//! # An outbox in Postgres
//!
//! The transaction that makes a fact also writes it to a table, so that neither exists without the other.
//!
//! | step | with Postgres |
//! | --- | --- |
//! | read | `SELECT … WHERE sent_at IS NULL ORDER BY id LIMIT 500 FOR UPDATE SKIP LOCKED`, so that workers do not take the same rows |
//! | id | the primary key, such as `outbox-4711` |
//! | timestamp | a column |
//! | acknowledge | `UPDATE … SET sent_at = now()`, or `DELETE`, and `COMMIT` |
//! | rejects | a column with the reason, which the `SELECT` excludes |
//! | events of a dead worker | its transaction is rolled back with its connection, which unlocks the rows |
//!
//! A transaction stays open while its batch is sent. Keep batches small, so that it lasts for seconds.
//!
//! # Workers that add up
//!
//! A [`Rollup`](crate::usage::Rollup) turns the pattern around: the position in the queue is a part of its
//! [checkpoint](crate::usage::Rollup::checkpoint), and the queue is acknowledged after it. This needs a queue that can be
//! read again from a position: a partition of Kafka, or a stream that one worker reads. Use one rollup for each
//! partition, with its name. A queue that delivers again in any order, such as SQS, does not fit: the rollup would add a
//! fact twice.
