//! Ids that look like version 4 UUIDs and are the same in every run.

/// The seed of a store that sets no other.
pub const DEFAULT_SEED: u64 = 0x5E9_0E2C_E51D;

/// The id with this number. Different numbers give different ids.
pub fn id(seed: u64, number: u64) -> String {
    let high = scrambled(seed ^ (number << 1));
    let low = scrambled(high ^ number);
    format!(
        "{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}",
        high >> 32,
        (high >> 16) & 0xffff,
        high & 0xfff,
        0x8000 | ((low >> 48) & 0x3fff),
        low & 0xffff_ffff_ffff
    )
}

/// An id that is always the same for a text.
pub fn derived_id(text: &str) -> String {
    id(DEFAULT_SEED, fingerprint(text))
}

/// FNV-1a, which is the same everywhere.
pub fn fingerprint(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// The finalizer of SplitMix64, which is one to one.
fn scrambled(value: u64) -> u64 {
    let value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ (value >> 31)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{DEFAULT_SEED, id};

    #[test]
    fn ids_differ_and_look_like_uuids() {
        let ids: BTreeSet<String> = (0..1_000).map(|number| id(DEFAULT_SEED, number)).collect();
        assert_eq!(ids.len(), 1_000);
        for id in ids {
            let lengths: Vec<_> = id.split('-').map(str::len).collect();
            assert_eq!(lengths, [8, 4, 4, 4, 12], "{id}");
        }
    }
}
