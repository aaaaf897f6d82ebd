# What the rows of the table may use. $home is the row's folder; what is printed goes to $home/out and $home/err.
export D="node $root/dist/launcher/cli.js" # a simple command, so that `$D … & kill $!` means the launcher

# The seconds count from here.
fault() { date +%s%3N >"$home/fault"; }

# Waits until the text has been printed.
seen() {
  local tries=0
  until grep -qF -- "$1" "$home/out" "$home/err"; do
    [ $((tries += 1)) -lt 600 ] || { echo "never printed: $1" >&2; exit 99; }
    sleep 0.05
  done
}

# Processes of this row that have the line NAME=value in their environment.
having() {
  local file pid
  for file in $(grep -lzxF -- "$1" /proc/[0-9]*/environ 2>/dev/null); do
    grep -qzF -- "$home" "$file" 2>/dev/null && pid=${file#/proc/} && echo "${pid%/environ}"
  done
}

parent() { ps -o ppid= -p "$1" 2>/dev/null | tr -d ' '; }

# rank 1: the process of that rank, not what it has started.
rank() {
  local pid
  for pid in $(having "RANK=$1"); do
    grep -qzxF "DTRAIN_LAUNCHER_PID=$(parent "$pid")" "/proc/$pid/environ" && echo "$pid"
  done
}

# guard 123: that of the launcher with this number.
guard() { pgrep -P "$1" -f dtrain-guard; }

# The launcher of this row, however it was started.
launcher() { parent "$(rank 0)"; }
