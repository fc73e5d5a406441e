//! A table of the lake, as DataFusion reads it.

use crate::columns::{DAY, ID};
use crate::delta::{DataFile, State};
use arrow::datatypes::SchemaRef;
use async_trait::async_trait;
use datafusion::catalog::{Session, TableProvider};
use datafusion::common::stats::Precision;
use datafusion::common::{ColumnStatistics, Statistics};
use datafusion::datasource::listing::PartitionedFile;
use datafusion::datasource::physical_plan::{FileGroup, FileScanConfigBuilder, ParquetSource};
use datafusion::datasource::source::DataSourceExec;
use datafusion::datasource::table_schema::TableSchema;
use datafusion::error::Result;
use datafusion::execution::object_store::ObjectStoreUrl;
use datafusion::logical_expr::{Expr, TableProviderFilterPushDown, TableType};
use datafusion::physical_plan::ExecutionPlan;
use datafusion::scalar::ScalarValue;
use std::sync::Arc;

/// One state of a table, whatever is committed meanwhile.
#[derive(Debug)]
pub struct Provider {
    state: Arc<State>,
    /// Under which the session knows the table's files.
    url: ObjectStoreUrl,
    schema: TableSchema,
}

impl Provider {
    pub fn new(state: Arc<State>, url: ObjectStoreUrl) -> Self {
        let day: Vec<_> = state.schema.fields().iter().filter(|field| field.name() == DAY).cloned().collect();
        let schema = TableSchema::builder(state.file_schema.clone()).with_table_partition_cols(day).build();
        Self { state, url, schema }
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
        _filters: &[Expr],
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
        let source = Arc::new(ParquetSource::new(self.schema.clone()));
        let scan = FileScanConfigBuilder::new(self.url.clone(), source)
            .with_file_groups(groups)
            .with_statistics(total)
            .with_projection_indices(projection.cloned())?
            .with_limit(limit);
        Ok(DataSourceExec::from_data_source(scan.build()))
    }

    /// Files and parts of them are left out where their day, ids or statistics tell; what is read is still filtered.
    fn supports_filters_pushdown(&self, filters: &[&Expr]) -> Result<Vec<TableProviderFilterPushDown>> {
        Ok(vec![TableProviderFilterPushDown::Inexact; filters.len()])
    }
}
