#!/bin/sh
# simonw/llm as a person at a shell would use it: one command for each text, one after the other.
#
#     LLM_USER_PATH=... llm_loop.sh LLM TEXTS OUT SCHEMA SYSTEM
for text in "$2"/*; do
    "$1" prompt --model stub --no-stream --schema "$4" --system "$5" < "$text" \
        > "$3/$(basename "$text")" || echo "$text: no answer" >&2
done
