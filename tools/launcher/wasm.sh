# ./es wasm run MODULE --input F, ./es wasm verify RECEIPT: agents, and the proof of what they did.
# shellcheck shell=bash

es_wasm() {
  need_dotnet
  dotnet run -c Release -v q --project "$ES_ROOT/src/Host" -- wasm "$@"
}
