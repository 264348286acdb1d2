# ./es help: every command in one screen.
# shellcheck shell=bash

es_help() {
  cat <<'TEXT'
EventSourced: the back end of an on-chain agent economy that nobody has to trust.

  ./es up                          everything, on embedded defaults: database, chain, contracts
  ./es test                        set up and pass all tests
  ./es bench NAME | all            a benchmark, beside its peer or ceiling in the same run
  ./es wasm run MODULE --input F   runs an agent and prints its receipt; wasm verify RECEIPT proves it
  ./es world --seed N --events N    fills a fresh chain with a living economy, the same for the same seed
  ./es contracts build|test|coverage|snapshot|catalog
  ./es db start|stop|psql          the PostgreSQL cluster in .data
  ./es chain start|stop|deploy     the anvil chain in .data
  ./es help

Ports: ES_DB_PORT (15432), ES_CHAIN_PORT (18545). Data: ES_DATA (.data).
TEXT
}
