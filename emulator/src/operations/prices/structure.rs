//! Pricing structures as the arithmetic has them.

use rust_decimal::Decimal;
use serde_json::Value;

use crate::billing::Result;
use crate::billing::price::{Structure, Tier, Tiers};
use crate::contract::decimal_of;

/// The structure in a body or record that the document has checked.
pub(in super::super) fn read(structure: &Value) -> Result<Structure> {
    let decimal = |name: &str| decimal_of(&structure[name]).unwrap_or_default();
    Ok(match structure["pricingType"].as_str().unwrap_or_default() {
        "ONE_TIME" => Structure::OneTime {
            price: decimal("price"),
        },
        "LINEAR" => Structure::Linear {
            price_per_unit: decimal("pricePerUnit"),
            is_price_percentage: structure["isPricePercentage"] == true,
        },
        "PACKAGE" => Structure::Package {
            package_size: decimal("packageSize"),
            price_per_package: decimal("pricePerPackage"),
        },
        "GRADUATED" => Structure::Graduated {
            tiers: tiers(structure)?,
        },
        "VOLUME" => Structure::Volume {
            tiers: tiers(structure)?,
        },
        "SEAT_BASED" => Structure::SeatBased {
            price_per_seat: decimal("pricePerSeat"),
            tiers: if structure["tiers"]
                .as_array()
                .is_some_and(|tiers| !tiers.is_empty())
            {
                Some(tiers(structure)?)
            } else {
                None
            },
        },
        _ => Structure::Fixed {
            price: decimal("price"),
        },
    })
}

fn tiers(structure: &Value) -> Result<Tiers> {
    let tiers = structure["tiers"].as_array().into_iter().flatten();
    Tiers::new(tiers.map(tier).collect())
}

fn tier(tier: &Value) -> Tier {
    let decimal = |name: &str| decimal_of(&tier[name]);
    Tier {
        upper_bound: decimal("upperBound"),
        price: decimal("price").unwrap_or_default(),
        fee: decimal("fee").unwrap_or(Decimal::ZERO),
        is_price_percentage: tier["isPricePercentage"] == true,
        min_price: decimal("minPrice"),
        max_price: decimal("maxPrice"),
    }
}
