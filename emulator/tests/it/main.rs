//! Rules of the arithmetic that hold for any input, and invoices computed by hand.

mod invoices;
mod layers;
mod naive;
mod periods;
mod prices;
mod vectors;
