//! Rules of the arithmetic that hold for any input, invoices computed by hand, the operations of the API, and requests
//! and bodies checked against the document.

mod http;
mod invoices;
mod layers;
mod naive;
mod notifications;
mod operations;
mod periods;
mod prices;
mod published;
mod routes;
#[cfg(feature = "program")]
mod seed;
mod validate;
mod vectors;
mod work;
