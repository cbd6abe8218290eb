//! The known fields of objects.

/// The names of a struct and of its fields on the wire.
pub(crate) struct Table {
    pub(crate) name: &'static str,
    pub(crate) fields: &'static [&'static str],
    /// Earlier names of fields, with the indexes of these.
    pub(crate) former: &'static [(&'static str, usize)],
}

impl Table {
    /// Returns the index of a field. The search begins at `start`, since objects mostly have the order of the document.
    #[inline]
    pub(crate) fn find(&self, name: &str, start: usize) -> Option<usize> {
        if self.fields.get(start).is_some_and(|field| *field == name) {
            return Some(start);
        }
        self.search(name, start)
    }

    fn search(&self, name: &str, start: usize) -> Option<usize> {
        let (before, after) = self.fields.split_at_checked(start).unwrap_or((self.fields, &[]));
        let is_named = |field: &&str| *field == name;
        let found = after.iter().position(is_named).map(|index| start + index);
        found.or_else(|| before.iter().position(is_named)).or_else(|| {
            let mut former = self.former.iter();
            former
                .find(|(former, _)| *former == name)
                .map(|(_, index)| *index)
        })
    }
}

/// A struct whose fields are known.
pub(crate) trait Known: Sized {
    const TABLE: &'static Table;
}
