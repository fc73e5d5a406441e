//! Questions in SQL: only questions, within limits.

use crate::delta::State;
use crate::error::{LakeError, Result};
use crate::hidden::{Hidden, Shown};
use crate::lake::Lake;
use crate::provider::Provider;
use crate::record::Record;
use crate::{answer, deadline};
use arrow::array::RecordBatch;
use datafusion::datasource::source::DataSourceExec;
use datafusion::error::DataFusionError;
use datafusion::execution::context::SQLOptions;
use datafusion::execution::disk_manager::{DiskManagerBuilder, DiskManagerMode};
use datafusion::execution::memory_pool::GreedyMemoryPool;
use datafusion::execution::object_store::ObjectStoreUrl;
use datafusion::execution::runtime_env::RuntimeEnvBuilder;
use datafusion::logical_expr::LogicalPlan;
use datafusion::physical_plan::metrics::MetricValue;
use datafusion::physical_plan::{ExecutionPlan, execute_stream};
use datafusion::prelude::{SessionConfig, SessionContext};
use futures::TryStreamExt;
use model::Row;
use model::sql::{Answer, Place, Read, SqlError};
use object_store::ObjectStore;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::oneshot;

/// The only table that can be asked.
const TWEETS: &str = Row::TABLE;
/// Threads that work on a question, apart from all else.
const THREADS: usize = 2;
/// Bytes of stack of each: a sum of many parts is planned and worked out part within part.
const STACK: usize = 64 << 20;
/// Bytes of the longest question, so that the stack is enough for any.
const LONGEST: usize = 10_000;
/// Functions that make a value of any size out of a number, which no limit of memory would notice in time.
const BUILDERS: [&str; 9] = [
    "array_repeat",
    "array_resize",
    "generate_series",
    "list_repeat",
    "list_resize",
    "lpad",
    "range",
    "repeat",
    "rpad",
];

/// How much a question may take.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Rows of the answer; what comes after them is left out.
    pub rows: usize,
    /// Rows that are counted, if these are more.
    pub counted: u64,
    pub seconds: u64,
    /// Bytes that sorting, grouping and joining may use together, and the answer may have.
    pub memory: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { rows: 1_000, counted: 0, seconds: 60, memory: 256 << 20 }
    }
}

impl Lake {
    /// Asks the table `tweets` as it was at the last commit that this process knows of.
    ///
    /// # Errors
    /// `Sql`, in one line: what is wrong with the question and where, or which limit it reached.
    pub async fn sql(&self, question: &str, limits: Limits) -> Result<Answer> {
        self.sql_without(&Hidden::default(), question, limits).await
    }

    /// As [`Lake::sql`], for somebody who must not know of what is hidden. A question that nobody waits for any more ends.
    ///
    /// # Errors
    /// As [`Lake::sql`].
    pub async fn sql_without(&self, hidden: &Hidden, question: &str, limits: Limits) -> Result<Answer> {
        let state = self.known().ok_or(SqlError::NoLake)?;
        if question.len() > LONGEST {
            return Err(SqlError::Length(LONGEST).into());
        }
        let (store, question, hidden) = (self.table().files.store(), question.to_owned(), hidden.clone());
        let (_waiting, gone) = oneshot::channel::<()>();
        // A runtime of its own: whatever the question keeps busy, nobody else waits, and it ends with its time.
        let asked = tokio::task::spawn_blocking(move || {
            let mut runtime = tokio::runtime::Builder::new_multi_thread();
            let runtime = runtime.worker_threads(THREADS).thread_stack_size(STACK).enable_all().build()?;
            let work = runtime.spawn(async move {
                let session = session(state, store, hidden.clone(), limits);
                ask(session.map_err(|error| explain(error, limits))?, &hidden, &question, limits).await
            });
            let answer = runtime.block_on(async move {
                // Made in here, so that the time is this runtime's: the asker's may be ending.
                let timed = tokio::time::timeout(Duration::from_secs(limits.seconds), work);
                tokio::select! {
                    answer = timed => answer,
                    _ = gone => Ok(Ok(Err(SqlError::Failed.into()))),
                }
            });
            runtime.shutdown_background();
            match answer {
                Ok(Ok(answer)) => answer,
                Ok(Err(_)) => Err(SqlError::Failed.into()),
                Err(_) => Err(SqlError::Time(limits.seconds).into()),
            }
        });
        asked.await.unwrap_or_else(|panicked| std::panic::resume_unwind(panicked.into_panic()))
    }
}

async fn ask(context: SessionContext, hidden: &Hidden, question: &str, limits: Limits) -> Result<Answer> {
    let end = Instant::now() + Duration::from_secs(limits.seconds);
    let explain = |error| explain(error, limits);
    let plan = context.state().create_logical_plan(question).await.map_err(explain)?;
    let questions = SQLOptions::new().with_allow_ddl(false).with_allow_dml(false).with_allow_statements(false);
    questions.verify_plan(&plan).map_err(|_| SqlError::Change)?;
    // A plan tells of files, and how much of them was read.
    if !hidden.is_empty() && matches!(plan, LogicalPlan::Explain(_) | LogicalPlan::Analyze(_)) {
        return Err(SqlError::Plan.into());
    }
    let plan = context
        .state()
        .create_physical_plan(&plan)
        .await
        .and_then(|plan| deadline::until(plan, end, &SqlError::Time(limits.seconds)))
        .map_err(explain)?;
    let mut stream = execute_stream(plan.clone(), context.task_ctx()).map_err(explain)?;
    let mut answer = Answer { columns: answer::columns(&stream.schema()), ..Answer::default() };
    let mut bytes = 0;
    while let Some(batch) = stream.try_next().await.map_err(explain)? {
        bytes += take(&mut answer, &batch, limits)?;
        if bytes > limits.memory {
            return Err(SqlError::Memory(limits.memory >> 20).into());
        }
        if answer.more {
            break;
        }
    }
    let all = Read { rows: 0, bytes: hidden.is_empty().then_some(0) };
    answer.read = read(&plan, all);
    Ok(answer)
}

/// Takes what the limits let through. Returns about how much memory that takes.
fn take(answer: &mut Answer, batch: &RecordBatch, limits: Limits) -> Result<usize> {
    let rows = batch.num_rows() as u64;
    let left = limits.counted.max(limits.rows as u64) - answer.total;
    answer.more = rows > left;
    answer.total += rows.min(left);
    let room = limits.rows - answer.rows.len();
    answer::push(answer, &batch.slice(0, batch.num_rows().min(room)))
}

/// What the plan has read, with what was read before.
fn read(plan: &Arc<dyn ExecutionPlan>, before: Read) -> Read {
    let is_shown = plan.is::<Shown>();
    if !is_shown && !plan.is::<DataSourceExec>() {
        return plan.children().into_iter().fold(before, |before, plan| read(plan, before));
    }
    let metrics = plan.metrics().unwrap_or_default();
    let rows = metrics.output_rows().unwrap_or_default() as u64;
    let bytes = metrics.sum_by_name("bytes_scanned").as_ref().map_or(0, MetricValue::as_usize) as u64;
    Read { rows: before.rows + rows, bytes: before.bytes.map(|before| before + bytes) }
}

/// A session that knows the tables of the lake and nothing else: no files, no addresses.
fn session(
    state: Arc<State>,
    store: Arc<dyn ObjectStore>,
    hidden: Hidden,
    limits: Limits,
) -> Result<SessionContext, DataFusionError> {
    let mut config = SessionConfig::new()
        .with_target_partitions(THREADS)
        .with_information_schema(true)
        .with_default_catalog_and_schema("lake", "public");
    config.options_mut().sql_parser.collect_spans = true;
    config.options_mut().execution.enable_recursive_ctes = false;
    let runtime = RuntimeEnvBuilder::new()
        .with_memory_pool(Arc::new(GreedyMemoryPool::new(limits.memory)))
        // What does not fit into memory is not written to the disk: tweets would lie there unseen.
        .with_disk_manager_builder(DiskManagerBuilder::default().with_mode(DiskManagerMode::Disabled))
        .build_arc()?;
    let url = ObjectStoreUrl::parse(format!("lake://{TWEETS}"))?;
    let _ = runtime.deregister_object_store(ObjectStoreUrl::local_filesystem().as_ref());
    runtime.register_object_store(url.as_ref(), store);
    let context = SessionContext::new_with_config_rt(config, runtime);
    BUILDERS.iter().for_each(|name| context.deregister_udf(name));
    context.register_table(TWEETS, Arc::new(Provider::new(state, url, hidden)))?;
    Ok(context)
}

/// An error of the engine in one line, with the place where it is known.
fn explain(error: DataFusionError, limits: Limits) -> LakeError {
    let place = error.diagnostic().and_then(|diagnostic| diagnostic.span.as_ref().map(|span| span.start));
    let place = place.map(|at| Place { line: at.line, column: at.column });
    let text = match error.find_root() {
        DataFusionError::ResourcesExhausted(_) => return SqlError::Memory(limits.memory >> 20).into(),
        DataFusionError::External(error) if let Some(error) = error.downcast_ref::<SqlError>() => {
            return error.clone().into();
        }
        DataFusionError::SQL(error, _) => error.to_string(),
        other => other.strip_backtrace(),
    };
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let text = ["Error during planning: ", "Schema error: ", "Execution error: ", "sql parser error: "]
        .iter()
        .fold(text.as_str(), |text, begin| text.strip_prefix(begin).unwrap_or(text));
    let (text, told) = split_place(text);
    let message = match text.split_once(" Valid fields are ") {
        Some((text, _)) => format!("{text} DESCRIBE tweets lists the columns"),
        None if text.starts_with("table '") => format!("{text}; the only table is tweets"),
        None => text.to_owned(),
    };
    SqlError::Wrong { message, place: place.or(told) }.into()
}

/// A message of the parser, and the place that it tells at its end.
fn split_place(text: &str) -> (&str, Option<Place>) {
    let place = || {
        let (before, place) = text.rsplit_once(" at Line: ")?;
        let (line, column) = place.split_once(", Column: ")?;
        Some((before, Place { line: line.parse().ok()?, column: column.parse().ok()? }))
    };
    place().map_or((text, None), |(before, place)| (before, Some(place)))
}
