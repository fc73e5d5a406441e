//! A table of the lake, as DataFusion reads it.

use crate::columns::{DAY, ID};
use crate::delta::{DataFile, State};
use crate::hidden::{COLLECTION, Hidden, Shown};
use arrow::datatypes::SchemaRef;
use async_trait::async_trait;
use datafusion::catalog::{Session, TableProvider};
use datafusion::common::stats::Precision;
use datafusion::common::{ColumnStatistics, DFSchema, Statistics};
use datafusion::datasource::listing::PartitionedFile;
use datafusion::datasource::physical_plan::{FileGroup, FileScanConfigBuilder, ParquetSource};
use datafusion::datasource::source::DataSourceExec;
use datafusion::datasource::table_schema::TableSchema;
use datafusion::error::Result;
use datafusion::execution::object_store::ObjectStoreUrl;
use datafusion::logical_expr::utils::conjunction;
use datafusion::logical_expr::{Expr, TableProviderFilterPushDown, TableType};
use datafusion::physical_expr::PhysicalExpr;
use datafusion::physical_plan::ExecutionPlan;
use datafusion::scalar::ScalarValue;
use std::sync::Arc;

/// One state of a table, whatever is committed meanwhile, without what is hidden from who asks.
#[derive(Debug)]
pub struct Provider {
    state: Arc<State>,
    /// Under which the session knows the table's files.
    url: ObjectStoreUrl,
    schema: TableSchema,
    hidden: Arc<Hidden>,
}

impl Provider {
    pub fn new(state: Arc<State>, url: ObjectStoreUrl, hidden: Hidden) -> Self {
        let day: Vec<_> = state.schema.fields().iter().filter(|field| field.name() == DAY).cloned().collect();
        let schema = TableSchema::builder(state.file_schema.clone()).with_table_partition_cols(day).build();
        Self { state, url, schema, hidden: Arc::new(hidden) }
    }

    fn file(&self, file: &DataFile) -> PartitionedFile {
        let mut part = PartitionedFile::new(file.path.clone(), file.bytes);
        part.partition_values = vec![ScalarValue::Date32(i32::try_from(file.day).ok())];
        part.with_statistics(Arc::new(self.statistics(file.rows, Some((file.min_id, file.max_id)))))
    }

    /// Of the columns in files: what is not known here is looked up in the file.
    fn statistics(&self, rows: u64, ids: Option<(i64, i64)>) -> Statistics {
        let rows = Precision::Exact(rows as usize);
        let exact = |id: i64| Precision::Exact(ScalarValue::Int64(Some(id)));
        let column = |name: &str| match ids {
            Some((min, max)) if name == ID => ColumnStatistics {
                null_count: Precision::Exact(0),
                min_value: exact(min),
                max_value: exact(max),
                ..ColumnStatistics::new_unknown()
            },
            _ => ColumnStatistics::new_unknown(),
        };
        let columns = self.state.file_schema.fields().iter().map(|field| column(field.name())).collect();
        Statistics { num_rows: rows, total_byte_size: Precision::Absent, column_statistics: columns }
    }
}

#[async_trait]
impl TableProvider for Provider {
    fn schema(&self) -> SchemaRef {
        self.schema.table_schema().clone()
    }

    fn table_type(&self) -> TableType {
        TableType::Base
    }

    async fn scan(
        &self,
        session: &dyn Session,
        projection: Option<&Vec<usize>>,
        filters: &[Expr],
        limit: Option<usize>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        if self.hidden.is_empty() {
            return self.files(session, projection.cloned(), None, limit);
        }
        let schema = TableProvider::schema(self);
        let wanted = projection.cloned().unwrap_or_else(|| (0..schema.fields().len()).collect());
        let (width, collection) = (wanted.len(), schema.index_of(COLLECTION)?);
        let more = (!wanted.contains(&collection)).then_some(collection);
        let read = wanted.into_iter().chain(more).collect();
        // Conditions do not reach the files by themselves: here they say which of them need not be read.
        let condition = conjunction(filters.iter().cloned());
        let condition = condition.map(|all| session.create_physical_expr(all, &DFSchema::try_from(schema)?));
        let files = self.files(session, Some(read), condition.transpose()?, None)?;
        Ok(Arc::new(Shown::new(files, width, self.hidden.clone())?))
    }

    /// Files and parts of them are left out where their day, ids or statistics tell; what is read is still filtered.
    fn supports_filters_pushdown(&self, filters: &[&Expr]) -> Result<Vec<TableProviderFilterPushDown>> {
        Ok(vec![TableProviderFilterPushDown::Inexact; filters.len()])
    }
}

impl Provider {
    /// Reads the files, but for those parts in which the condition cannot hold.
    fn files(
        &self,
        session: &dyn Session,
        columns: Option<Vec<usize>>,
        condition: Option<Arc<dyn PhysicalExpr>>,
        limit: Option<usize>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let parts = session.config().target_partitions().max(1);
        let mut groups: Vec<FileGroup> = (0..parts).map(|_| FileGroup::new(Vec::new())).collect();
        for (number, file) in self.state.files.values().enumerate() {
            groups[number % parts].push(self.file(file));
        }
        let rows = self.state.files.values().map(|file| file.rows).sum();
        let mut total = self.statistics(rows, None);
        total.column_statistics.push(ColumnStatistics::new_unknown());
        let source = ParquetSource::new(self.schema.clone());
        let source = Arc::new(condition.map_or(source.clone(), |condition| source.with_predicate(condition)));
        let scan = FileScanConfigBuilder::new(self.url.clone(), source)
            .with_file_groups(groups)
            .with_statistics(total)
            .with_projection_indices(columns)?
            .with_limit(limit);
        Ok(DataSourceExec::from_data_source(scan.build()))
    }
}
