#!/usr/bin/env bash
# What the virtual printer does with one card: ippeveprinter calls it with
# the job's file and reads STATE, ATTR and ERROR lines from standard error.
# CARD_PRINTER is the printer's folder; its file `mode` chooses the behaviour:
#   ok           prints both sides
#   low          the same, and the ribbon is low
#   delay N      the same after N seconds
#   noimp        prints, but does not count its impressions
#   one-side     counts one impression of two
#   empty-wait   waits until the mode changes: the hopper is empty
#   jam-abort    the card jams, the job is aborted
#   abort        aborts before a card is taken
#   restart      loses power after the first side and starts again
set -u
printer=$CARD_PRINTER
# Who changes the mode may be half way: an empty file says nothing yet.
read_mode() {
	until read -r mode argument <"$printer/mode"; do
		sleep 0.02
	done
}

say() { echo "$*" >&2; }

# A card lies under its job's name, a second one of the same job beside it:
# a card printed twice must be seen. Names that are no file names get the
# job's number.
keep() { # FILE FOLDER
	local name=${IPP_JOB_NAME:-} copy=1 path
	[[ $name =~ ^[A-Za-z0-9_:-][A-Za-z0-9._:-]{0,126}$ ]] ||
		name=job${IPP_JOB_ID:-0}
	path=$printer/$2/$name.pwg
	while [ -e "$path" ]; do
		copy=$((copy + 1))
		path=$printer/$2/$name.$copy.pwg
	done
	cp "$1" "$printer/$2/.new"
	mv "$printer/$2/.new" "$path"
	echo "$2 $(basename "$path")" >>"$printer/came-out"
}

eject() { # FILE IMPRESSIONS
	keep "$1" cards
	[ -z "$2" ] || say "ATTR: job-impressions-completed=$2"
}

wait_for_cards() {
	say "STATE: +media-empty-error"
	while [ "$mode" = empty-wait ]; do
		sleep 0.1
		read_mode
	done
	say "STATE: -media-empty-error"
}

lose_power() {
	keep "$1" spoiled
	say "ATTR: job-impressions-completed=1"
	echo ok >"$printer/mode"
	# The new printer must outlive this job and its old parent.
	setsid "$CARD_RIG" restart "$CARD_RIG_DIR" "$(basename "$printer")" \
		>/dev/null 2>&1 </dev/null &
	sleep 30 # until the restart ends us with our parent
}

say "INFO: printing a card"
read_mode
case $mode in
ok) eject "$1" 2 ;;
low)
	say "STATE: +marker-supply-low-warning"
	say "ATTR: marker-levels=8"
	eject "$1" 2
	;;
delay)
	sleep "${argument:-1}"
	eject "$1" 2
	;;
noimp) eject "$1" '' ;;
one-side) eject "$1" 1 ;;
empty-wait)
	wait_for_cards
	eject "$1" 2
	;;
jam-abort)
	keep "$1" spoiled
	say "STATE: +media-jam-error"
	sleep 0.5 # as long as an operator would see it
	say "STATE: -media-jam-error"
	say "ERROR: card jam"
	exit 1
	;;
abort)
	say "ERROR: ribbon broken"
	exit 1
	;;
restart) lose_power "$1" ;;
*)
	say "ERROR: unknown mode $mode"
	exit 1
	;;
esac
exit 0
