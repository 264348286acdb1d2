# ./es help: every command in one screen.
# shellcheck shell=bash

es_help() {
  cat <<'TEXT'
EventSourced: the back end of an on-chain agent economy that nobody has to trust.

  ./es up [--empty]                everything, on embedded defaults: database, chain, contracts, indexer, API, and people who live there
      [--rpc URL --deployment FILE [--websocket URL]]   your chain instead   [--database URL]   your PostgreSQL   [--bind IP]
  ./es down | status | reset       stops it | says how it is | deletes chain and database, and begins anew
  ./es serve [--roles indexer,api]  the host alone: / (the dashboard) /graphql /graphiql /healthz /readyz /status /metrics; ./es serve --help lists every setting
  ./es keep [--explain [--json]]   the keepers alone, or what is due and why: docs/operations/keepers.md
  ./es dead list | requeue ID...   messages that failed for good, and their next try
  ./es api schema | check          writes docs/graphql/schema.graphql and the descriptions anew, for a reviewer to read the difference
  ./es replay --from streams|chain [--verify] [--to-block N] [--model M]
                                   rebuilds everything and proves the database; exits 0 equal, 1 different, 2 wrong usage, 3 fault
  ./es audit [--rpc URL] [--log URL|FOLDER] [--archive URL|FOLDER] [--key K] [--receipts] [--proofs N] [--explain N] [--json]
                                   makes the audit log again from the chain, trusting neither; docs/audit.md; exits as replay does
  ./es log key | post | sign       prints the audit log's verifier keys (makes the key where there is none) | an epoch's roots onto the chain
  ./es archive --to FOLDER [--follow]   every final event and row, and the log, as signed files; docs/audit/archive.md
  ./es prune --archive FOLDER|URL --keep-blocks N | --to-block N
                                   drops from the database what an archive holds, after verifying it
  ./es witness --key F --policy F --store FOLDER
                                   follows logs of other operators and cosigns heads that extend what it cosigned before
  ./es test                        set up and pass all tests
  ./es coverage [TESTS...]         lines of every project that the tests reach
  ./es bench NAME | all            a benchmark, beside its peer or ceiling in the same run; ./es bench alone names them
  ./es sim [--seeds N] [--first S] [--only indexer|relayer]  storms over the indexer and the relayer: reorgs, faults, crashes; one line a seed
  ./es sim kills [--count N] [--seed S]  kills hosts N times (SIGKILL) while commands come, and counts what became of each command
  ./es sim economy [--count N] [--seed S]  kills the workers of one economy N times, and counts what became of each task
  ./es sim sync [--count N] [--seed S]   kills a first sync N times (SIGKILL), its PostgreSQL a quarter as often, and compares every row
  ./es sim fuzz [--count N] [--seed S]   sends N requests that nobody foresaw to every endpoint of the commands
  ./es agent key FILE | register | stake | bid | work
                                   acts for an agent with a key file: --key F (ES_KEY), --password-file F; each has --help
  ./es task post | watch | accept | dispute
                                   acts for a client in the same way; --at URL (ES_HOST) names another host
  ./es jobs list | requeue KEY      the jobs of hosted agents: what is to be done, was done, or failed too often
  ./es execution spec | check TASK  stores what a task asks; does a delivered task again and prints every difference
  ./es content ls | put FILE | get CID | pin CID | unpin CID | fetch CID | gc
                                   content by hash in the data folder (ES_CONTENT); docs/content.md
  ./es wasm run MODULE --input F   runs an agent and prints its receipt; wasm verify RECEIPT proves it
  ./es world --seed N --events N    fills a fresh chain with a living economy, the same for the same seed
  ./es contracts build|test [--deep]|coverage|gas|snapshot|catalog
                                   the contracts alone: compiled, tested, measured
  ./es catalog add [--retire Contract.Event] | check | freeze
                                   an event of the contracts becomes one of the whole program, and what is left to write is named
  ./es host codegen                writes the code between Wolverine and its handlers anew, after one was changed
  ./es db start|stop|psql          the PostgreSQL cluster in .data
  ./es chain start|stop|deploy     the anvil chain in .data
  ./es db adopt                    keeps the PostgreSQL cluster that a deleted checkout left at this place
  ./es help                        this text

Ports: ES_DB_PORT (15432), ES_CHAIN_PORT (18545), ES_HOST_PORT (18080). Data: ES_DATA (.data).
TEXT
}
