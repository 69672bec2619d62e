#!/bin/sh
# Runs the replications of a simulation in shards, as many at a time as there are
# processors, and merges them:
#
#   deploy/shards.sh 8 bavet-mocbai-2018 --replications 200 --seed 1 > report.json
#
# The first argument is the number of shards, the others are those of landport
# simulate. LANDPORT is the program, JOBS how many shards run at a time, PARTS the
# folder for the shards, which are kept there if it is given. It takes GNU
# parallel where it is installed, else xargs.
set -eu

if [ $# -lt 2 ]; then
	echo "usage: $0 SHARDS SCENARIO [--replications N and other options of landport simulate]" >&2
	exit 2
fi
shards=$1
shift

LANDPORT=${LANDPORT:-landport}
JOBS=${JOBS:-$(getconf _NPROCESSORS_ONLN)}
if [ -z "${PARTS:-}" ]; then
	PARTS=$(mktemp -d)
	trap 'rm -rf "$PARTS"' EXIT
fi

numbers() {
	i=0
	while [ "$i" -lt "$shards" ]; do
		i=$((i + 1))
		echo "$i"
	done
}

# {} is the number of a shard, for either tool.
set -- simulate "$@" --workers 1 --shard "{}/$shards" --out "$PARTS/part{}.bin"
if parallel --version 2>/dev/null | grep -q '^GNU parallel'; then
	numbers | parallel --will-cite --quote --halt now,fail=1 --jobs "$JOBS" "$LANDPORT" "$@"
else
	numbers | xargs -P "$JOBS" -I '{}' "$LANDPORT" "$@"
fi

set --
for i in $(numbers); do
	set -- "$@" "$PARTS/part$i.bin"
done
"$LANDPORT" merge "$@" --format json
