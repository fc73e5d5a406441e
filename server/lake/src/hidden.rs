//! What a question must not find out: tweets that are not for the person who asks.
//!
//! They are left out by a step of the plan right above the files, before any expression of the question is worked out. The
//! engine pushes no condition, order or limit of a question through it: an expression that fails at a certain value would
//! tell of tweets that it should not see, and so would a count that is known without reading.

use arrow::array::{Array, ArrayRef, AsArray, BooleanArray, ListArray, RecordBatch, RecordBatchOptions};
use arrow::array::{ListBuilder, StringBuilder};
use arrow::compute::filter_record_batch;
use arrow::datatypes::SchemaRef;
use datafusion::common::tree_node::TreeNodeRecursion;
use datafusion::error::{DataFusionError, Result};
use datafusion::execution::{SendableRecordBatchStream, TaskContext};
use datafusion::physical_expr::{EquivalenceProperties, PhysicalExpr};
use datafusion::physical_plan::execution_plan::{Boundedness, EmissionType};
use datafusion::physical_plan::metrics::{BaselineMetrics, ExecutionPlanMetricsSet, MetricsSet};
use datafusion::physical_plan::stream::RecordBatchStreamAdapter;
use datafusion::physical_plan::{
    DisplayAs, DisplayFormatType, ExecutionPlan, ExecutionPlanProperties, Partitioning, PlanProperties,
};
use futures::StreamExt;
use std::collections::BTreeSet;
use std::fmt::{self, Formatter};
use std::sync::Arc;

/// The column with the collections of a tweet, by which it is hidden or not.
pub const COLLECTION: &str = "collection";
/// The column with the schedules that brought it.
const QUERY: &str = "query";

/// The collections and schedules that somebody must not know of. A tweet that is in none but these is not there for them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hidden {
    pub collections: BTreeSet<String>,
    pub queries: BTreeSet<String>,
}

impl Hidden {
    /// Whether all may be seen.
    pub fn is_empty(&self) -> bool {
        self.collections.is_empty() && self.queries.is_empty()
    }

    /// The first columns of the rows that may be seen, without the names that may not.
    fn shown(&self, batch: &RecordBatch, schema: &SchemaRef) -> Result<RecordBatch> {
        let missing = || DataFusionError::Internal("a tweet does not tell its collections".to_owned());
        let collections = texts(batch.column_by_name(COLLECTION).ok_or_else(missing)?)?;
        let is_open = |at: usize| names(&collections, at).iter().any(|name| !self.collections.contains(name));
        let mask: BooleanArray = (0..batch.num_rows()).map(|at| Some(is_open(at))).collect();
        let batch = filter_record_batch(batch, &mask)?;
        let column = |(column, field): (&ArrayRef, &Arc<arrow::datatypes::Field>)| match field.name().as_str() {
            COLLECTION => without(column, &self.collections),
            QUERY => without(column, &self.queries),
            _ => Ok(column.clone()),
        };
        let columns = batch.columns().iter().zip(schema.fields()).map(column).collect::<Result<_>>()?;
        let options = RecordBatchOptions::new().with_row_count(Some(batch.num_rows()));
        Ok(RecordBatch::try_new_with_options(schema.clone(), columns, &options)?)
    }
}

fn texts(column: &ArrayRef) -> Result<ListArray> {
    let list = column.as_list_opt::<i32>().filter(|list| list.values().as_string_opt::<i32>().is_some());
    list.cloned().ok_or_else(|| DataFusionError::Internal("names are not lists of texts".to_owned()))
}

fn names(lists: &ListArray, at: usize) -> Vec<String> {
    if lists.is_null(at) {
        return Vec::new();
    }
    lists.value(at).as_string::<i32>().iter().flatten().map(str::to_owned).collect()
}

fn without(column: &ArrayRef, hidden: &BTreeSet<String>) -> Result<ArrayRef> {
    let lists = texts(column)?;
    let element = crate::columns::element(lists.value_type());
    let mut left = ListBuilder::new(StringBuilder::new()).with_field(element);
    for at in 0..lists.len() {
        names(&lists, at).iter().filter(|name| !hidden.contains(*name)).for_each(|name| {
            left.values().append_value(name);
        });
        left.append(!lists.is_null(at));
    }
    Ok(Arc::new(left.finish()))
}

/// The step of the plan that leaves out what is hidden.
#[derive(Debug)]
pub struct Shown {
    input: Arc<dyn ExecutionPlan>,
    hidden: Arc<Hidden>,
    /// How many of the columns of its input it gives on: the first.
    width: usize,
    properties: Arc<PlanProperties>,
    metrics: ExecutionPlanMetricsSet,
}

impl Shown {
    /// One of the columns of `input` tells the collections.
    pub fn new(input: Arc<dyn ExecutionPlan>, width: usize, hidden: Arc<Hidden>) -> Result<Self> {
        let schema = Arc::new(input.schema().project(&(0..width).collect::<Vec<_>>())?);
        let parts = Partitioning::UnknownPartitioning(input.output_partitioning().partition_count());
        let properties = PlanProperties::new(
            EquivalenceProperties::new(schema),
            parts,
            EmissionType::Incremental,
            Boundedness::Bounded,
        );
        Ok(Self { input, hidden, width, properties: Arc::new(properties), metrics: ExecutionPlanMetricsSet::new() })
    }
}

impl DisplayAs for Shown {
    fn fmt_as(&self, _: DisplayFormatType, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("Shown")
    }
}

// What it does not say is the rule for a step that the engine knows nothing of: no condition, limit or order passes it,
// and how many rows it gives is not known before.
impl ExecutionPlan for Shown {
    fn name(&self) -> &'static str {
        "Shown"
    }

    fn properties(&self) -> &Arc<PlanProperties> {
        &self.properties
    }

    fn children(&self) -> Vec<&Arc<dyn ExecutionPlan>> {
        vec![&self.input]
    }

    fn apply_expressions(
        &self,
        _: &mut dyn FnMut(&Arc<dyn PhysicalExpr>) -> Result<TreeNodeRecursion>,
    ) -> Result<TreeNodeRecursion> {
        Ok(TreeNodeRecursion::Continue)
    }

    fn with_new_children(self: Arc<Self>, mut children: Vec<Arc<dyn ExecutionPlan>>) -> Result<Arc<dyn ExecutionPlan>> {
        let input = children.pop().ok_or_else(|| DataFusionError::Internal("it has one input".to_owned()))?;
        Ok(Arc::new(Self::new(input, self.width, self.hidden.clone())?))
    }

    fn execute(&self, partition: usize, context: Arc<TaskContext>) -> Result<SendableRecordBatchStream> {
        let input = self.input.execute(partition, context)?;
        let (schema, hidden) = (self.schema(), self.hidden.clone());
        let metrics = BaselineMetrics::new(&self.metrics, partition);
        let shown = input.map({
            let schema = schema.clone();
            move |batch| {
                let shown = hidden.shown(&batch?, &schema)?;
                metrics.record_output(shown.num_rows());
                Ok(shown)
            }
        });
        Ok(Box::pin(RecordBatchStreamAdapter::new(schema, shown)))
    }

    fn metrics(&self) -> Option<MetricsSet> {
        Some(self.metrics.clone_inner())
    }
}
