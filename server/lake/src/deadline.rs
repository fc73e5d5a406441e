//! A question ends with its time. The engine gives way between the batches that it reads, but a join of all with all works
//! on what it has read for hours without: so joins give way too, and look at the clock.

use arrow::array::RecordBatch;
use arrow::datatypes::{FieldRef, Schema};
use datafusion::common::tree_node::{Transformed, TreeNode};
use datafusion::error::{DataFusionError, Result};
use datafusion::logical_expr::ColumnarValue;
use datafusion::physical_expr::PhysicalExpr;
use datafusion::physical_plan::ExecutionPlan;
use datafusion::physical_plan::coop::CooperativeExec;
use datafusion::physical_plan::joins::utils::JoinFilter;
use datafusion::physical_plan::joins::{HashJoinExec, NestedLoopJoinExec, NestedLoopJoinExecBuilder};
use model::sql::SqlError;
use std::fmt::{self, Display, Formatter};
use std::hash::{Hash, Hasher};
use std::sync::Arc;
use std::time::Instant;

/// The plan, whose joins give way, and at that time fail for that reason.
pub fn until(plan: Arc<dyn ExecutionPlan>, end: Instant, why: &SqlError) -> Result<Arc<dyn ExecutionPlan>> {
    let bounded = plan.transform_up(|node| {
        if !node.name().contains("Join") {
            return Ok(Transformed::no(node));
        }
        let node = match (node.downcast_ref::<NestedLoopJoinExec>(), node.downcast_ref::<HashJoinExec>()) {
            (Some(join), _) if join.filter().is_some() => {
                let (left, right) = (join.left().clone(), join.right().clone());
                let built = NestedLoopJoinExecBuilder::new(left, right, *join.join_type())
                    .with_projection_ref(join.projection().clone())
                    .with_filter(join.filter().map(|filter| bounded_filter(filter, end, why)));
                Arc::new(built.build()?)
            }
            (_, Some(join)) if join.filter().is_some() => {
                join.builder().with_filter(join.filter().map(|filter| bounded_filter(filter, end, why))).build_exec()?
            }
            _ => node,
        };
        Ok(Transformed::yes(Arc::new(CooperativeExec::new(node)) as Arc<dyn ExecutionPlan>))
    });
    Ok(bounded?.data)
}

fn bounded_filter(filter: &JoinFilter, end: Instant, why: &SqlError) -> JoinFilter {
    let expression = Arc::new(Bounded { condition: filter.expression().clone(), end, why: why.clone() });
    JoinFilter::new(expression, filter.column_indices().to_vec(), filter.schema().clone())
}

/// A condition that fails once its time is over.
#[derive(Debug)]
struct Bounded {
    condition: Arc<dyn PhysicalExpr>,
    end: Instant,
    why: SqlError,
}

impl PhysicalExpr for Bounded {
    fn return_field(&self, schema: &Schema) -> Result<FieldRef> {
        self.condition.return_field(schema)
    }

    fn evaluate(&self, batch: &RecordBatch) -> Result<ColumnarValue> {
        if Instant::now() >= self.end {
            return Err(DataFusionError::External(Box::new(self.why.clone())));
        }
        self.condition.evaluate(batch)
    }

    fn children(&self) -> Vec<&Arc<dyn PhysicalExpr>> {
        vec![&self.condition]
    }

    fn with_new_children(self: Arc<Self>, children: Vec<Arc<dyn PhysicalExpr>>) -> Result<Arc<dyn PhysicalExpr>> {
        let condition = children.into_iter().next().unwrap_or_else(|| self.condition.clone());
        Ok(Arc::new(Self { condition, end: self.end, why: self.why.clone() }))
    }

    fn fmt_sql(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.condition.fmt_sql(f)
    }
}

impl Display for Bounded {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.condition.fmt(f)
    }
}

impl PartialEq for Bounded {
    fn eq(&self, other: &Self) -> bool {
        self.end == other.end && self.condition.eq(&other.condition)
    }
}

impl Eq for Bounded {}

impl Hash for Bounded {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.condition.hash(state);
        self.end.hash(state);
    }
}
