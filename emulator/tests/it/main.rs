//! Rules of the arithmetic that hold for any input, invoices computed by hand, and the operations of the API.

mod http;
mod invoices;
mod layers;
mod naive;
mod operations;
mod periods;
mod prices;
mod vectors;
