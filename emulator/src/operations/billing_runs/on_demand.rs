//! Prices on demand and per event, which the clock never bills (A46).

use crate::assumptions::A46;
use crate::records::{BillingSchedule, Kind, ScheduleStatus};
use crate::store::Tx;

use super::super::invoices::life_cycle;
use super::super::problem::Problem;
use super::super::world::World;
use super::plan::Plan;
use super::{closing, opening};

impl World {
    /// Bills the prices of a schedule that are on demand or per event, for the days through today that were not billed. Returns
    /// the ids of the invoices; there is none if nothing is left to bill.
    ///
    /// # Errors
    ///
    /// Returns an error if the schedule does not exist or is not active.
    pub fn bill_on_demand(&self, schedule: &str) -> Result<Vec<String>, Problem> {
        self.control(|tx| bill(tx, schedule))
    }
}

fn bill(tx: &mut Tx<'_>, id: &str) -> Result<Vec<String>, Problem> {
    let schedule: Option<BillingSchedule> = tx.get(id);
    let mut schedule = schedule.ok_or_else(|| Problem::no(Kind::BillingSchedule, id))?;
    if schedule.status != ScheduleStatus::Active {
        return Err(Problem::illegal_state(format!(
            "The billing schedule {id} is {}. Only an ACTIVE one is billed.",
            schedule.status.name()
        ))
        .assuming(A46));
    }
    let mut progress = std::mem::take(&mut schedule.progress);
    let planned = Plan::of(tx, &schedule).map(|plan| {
        let planned = plan.take_on_demand(&mut progress, tx.today());
        (plan.currency().unwrap_or_default().to_owned(), planned)
    });
    schedule.progress = progress;
    tx.put(&schedule);
    let Some((currency, planned)) = planned else {
        return Ok(Vec::new());
    };
    let invoices = opening::add(tx, &schedule, &currency, planned);
    for invoice in closing::close_due(tx) {
        life_cycle::issue(tx, &invoice);
    }
    Ok(invoices)
}
