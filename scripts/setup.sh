# shellcheck shell=bash
# What scripts/coach and scripts/test share: making this checkout ready to run, once.
#
# Laws:
#   - Ready means the stamp says so. It holds this folder's path and all that the set-up depends on,
#     word for word, so a moved checkout or a changed pyproject.toml is noticed without a clock.
#   - Ready costs no process and no network. What is not ready is made so; what was interrupted is
#     made anew, and only a finished set-up is stamped.
#   - Every command that changes the machine is printed first; rights are borrowed only by a "yes".
#   - A failure is one sentence: what is wrong and what to do.
#
# Runs under the bash 3.2 of macOS: no mapfile, no ${x,,}, no "${list[@]}" that may be empty.
#
# The caller sets:  root     the checkout
# For the unasked:  VOICECOACH_SETUP=yes answers the question for rights beforehand (CI does)

venv=${root:?}/.venv
log=$root/set-up.log
lock=$root/.set-up.lock
me="scripts/${0##*/}"
again="run $me again"

say() { printf '%s\n' "$*" >&2; }

give_up() {
  say "$*"
  exit 1
}

# --- is it ready? builtins only -------------------------------------------------------------------

# Sets `recipe`: what an installed .venv depends on. Below [tool.ruff] nothing matters to pip.
read_recipe() {
  local project='' setup=''
  IFS= read -r -d '' project <"$root/pyproject.toml" || true
  IFS= read -r -d '' setup <"$root/scripts/setup.sh" || true
  recipe=$root$'\n'${project%%'[tool.ruff]'*}$'\n'$setup
}

# ready KIND: was the set-up for `coach` or `test` finished, here, as it would be made today?
ready() {
  local recipe='' stamp=''
  [[ -x $venv/bin/python && -f $venv/set-up.$1 && ! -e $venv/set-up.begun ]] || return 1
  read_recipe
  IFS= read -r -d '' stamp <"$venv/set-up.$1" || true
  [[ $stamp == "$recipe" ]]
}

# --- commands that are shown ----------------------------------------------------------------------

# Prints a command as it could be typed, runs it with its words in the log and nothing to read.
run() {
  say "\$ $(typed "$@")"
  "$@" >>"$log" 2>&1 </dev/null
}

typed() {
  local word line=''
  for word in "$@"; do
    case $word in
      *[!A-Za-z0-9_.,:/=@+-]*) line="$line '$word'" ;;
      *) line="$line $word" ;;
    esac
  done
  printf '%s' "${line# }"
}

# Why did the last command fail? Sets `reason` to a sentence with its cure, or to nothing if unknown.
find_reason() {
  local free='' rest=''
  reason=''
  { read -r rest && read -r _ _ _ free rest; } < <(df -Pk "$root" 2>/dev/null) || true
  if [[ ${free:-9999999} -lt 51200 ]] || grep -q 'No space left on device' "$log" 2>/dev/null; then
    reason="the disk is full: free about 600 MB and $again"
  elif grep -q 'CERTIFICATE_VERIFY_FAILED' "$log"; then
    reason="the certificate of the package server is not trusted here: see to the clock and to a proxy, and $again"
  elif grep -qE 'NameResolutionError|NewConnectionError|Network is unreachable|Temporary failure (in name|resolving)|Max retries exceeded|Could not resolve' "$log"; then
    reason="the network cannot be reached: connect and $again"
  fi
}

# --- what the machine lacks -----------------------------------------------------------------------

# Old Pythons run this too, to say how old they are.
python_probe='
import os, sys
version = "%d.%d" % sys.version_info[:2]
try:
    import ensurepip, venv
    fit = "fit"
except ImportError:
    fit = "bare"
if sys.version_info < (3, 11):
    fit = "old"
base = getattr(sys, "_base_executable", None) or sys.executable
# The name with the version goes away with an upgrade, and with it the .venv made for it.
named = os.path.join(os.path.dirname(base), "python" + version)
print(fit + " " + version + " " + (named if os.path.exists(named) else base))
'

# Sets `python` to the first Python 3.11 or newer that can make a venv, else to nothing; `bare` to
# the version of one that only lacks venv; `old` to the version of one that is too old.
find_python() {
  local name path answer fit version
  python='' bare='' old='' python_name='' python_version=''
  for name in python3 python3.14 python3.13 python3.12 python3.11; do
    while IFS= read -r path; do
      [[ -n $path ]] || continue
      answer=$("$path" -c "$python_probe" 2>/dev/null </dev/null) || continue
      read -r fit version path <<<"$answer"
      case $fit in
        fit) python=$path python_version=$version python_name=$name && return ;;
        bare) bare=${bare:-$version} ;;
        old) old=${old:-$version} ;;
        *) ;;
      esac
    done <<<"$(type -aP "$name" || true)"
  done
}

compiler_probe='
import os, shlex, shutil, sysconfig
if not os.path.exists(os.path.join(sysconfig.get_path("include"), "Python.h")):
    print("headers")
if not shutil.which(shlex.split(sysconfig.get_config_var("CC") or "cc")[0]):
    print("compiler")
'

lacks_file() {
  local path
  for path in "$@"; do [[ -e $path ]] && return 1; done
  return 0
}

lacks_command() {
  local name
  for name in "$@"; do command -v "$name" >/dev/null || return 0; done
  return 1
}

# Groups of needs, installed one after the other, so that a package which a distribution does
# not have takes only its own group along. Each prints the names of what is missing.
needs_to_run() {
  find_python
  if [[ -n $python ]]; then :; elif [[ -n $bare ]]; then echo venv; else echo python; fi
}

needs_to_sound() {
  find_python
  if [[ $(uname) == Darwin ]]; then
    xcode-select -p >/dev/null 2>&1 || echo compiler
  elif [[ -n $python ]]; then
    "$python" -c "$compiler_probe" </dev/null || true
  else
    # Python itself is still to come; its headers come with it.
    if lacks_command gcc; then echo compiler; fi
    if [[ -n $bare ]]; then echo headers; fi
  fi
  if lacks_file /usr/include/portaudio.h /usr/local/include/portaudio.h /opt/homebrew/include/portaudio.h; then
    echo portaudio
  fi
  if lacks_command espeak-ng; then echo espeak; fi
}

# What scripts/virtual-audio stands on.
needs_of_card() {
  if lacks_command pulseaudio; then echo pulseaudio; fi
  if lacks_command pactl pacat parec; then echo pulse-tools; fi
  if lacks_file /usr/lib/*/alsa-lib/libasound_module_pcm_pulse.so /usr/lib*/alsa-lib/libasound_module_pcm_pulse.so; then
    echo alsa-pulse
  fi
  if lacks_command aplay; then echo alsa-tools; fi
}

needs_to_test() {
  [[ $(uname) == Linux ]] || return 0 # there is no such sound card elsewhere: device tests skip
  needs_of_card
  if lacks_command flite; then echo flite; fi
  if lacks_command ffmpeg ffprobe; then echo ffmpeg; fi
}

# A report is looked at in a real browser, and made a PDF. Alone in its group: on some distributions
# there is no such package, or one that cannot be installed everywhere.
needs_of_pages() {
  [[ $(uname) == Linux ]] || return 0
  if lacks_command chromium && lacks_command chromium-browser && lacks_command google-chrome; then echo chromium; fi
  if lacks_file /usr/lib/*/libpangoft2-1.0.so.0 /usr/lib*/libpangoft2-1.0.so.0; then echo pango; fi
}

# The one table of packages: NEED -> names, for the manager at hand.
packages_for() {
  local version=${python_version:-${bare:-3}}
  case $manager:$1 in
    apt-get:python) if [[ -n $old ]]; then echo python3.11 python3.11-venv python3.11-dev; else echo python3 python3-venv python3-dev; fi ;;
    apt-get:venv) echo "python$version-venv" ;;
    apt-get:headers) echo "python$version-dev" ;;
    apt-get:compiler) echo gcc libc6-dev ;;
    apt-get:portaudio) echo portaudio19-dev ;;
    apt-get:alsa-pulse) echo libasound2-plugins ;;
    dnf:python) if [[ -n $old ]]; then echo python3.11 python3.11-devel; else echo python3 python3-devel; fi ;;
    dnf:headers) echo "${python_name:-python3}-devel" ;;
    dnf:portaudio) echo portaudio-devel ;;
    dnf:alsa-pulse) echo alsa-plugins-pulseaudio ;;
    pacman:python | pacman:headers | pacman:venv) echo python ;;
    pacman:pulse-tools) echo libpulse ;;
    pacman:alsa-pulse) echo alsa-plugins ;;
    brew:python | brew:venv) echo python@3.13 ;;
    brew:compiler | brew:headers) ;; # Apple's, not brew's: see install_packages
    *:compiler) echo gcc ;;
    *:portaudio) echo portaudio ;;
    *:espeak) echo espeak-ng ;;
    *:pulseaudio) echo pulseaudio ;;
    *:pulse-tools) echo pulseaudio-utils ;;
    *:alsa-tools) echo alsa-utils ;;
    *:flite) echo flite ;;
    dnf:ffmpeg) echo ffmpeg-free ;;
    *:ffmpeg) echo ffmpeg ;;
    *:chromium) echo chromium ;;
    apt-get:pango) echo libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 ;;
    *:pango) echo pango ;;
    *) ;;
  esac
}

find_manager() {
  for manager in apt-get dnf pacman brew; do
    command -v "$manager" >/dev/null && return
  done
  manager=''
}

# Sets `install`, the words before the packages; `by_hand`, the same for a person to type; and
# `rights`, what stands before.
find_install() {
  case $manager in
    # --no-remove: a sound server that somebody uses is never thrown out for a test.
    apt-get) install=(env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends --no-remove -o DPkg::Lock::Timeout=120) ;;
    dnf) install=(dnf install -y) ;;
    pacman) install=(pacman -S --needed --noconfirm) ;;
    *) install=(brew install) ;;
  esac
  case $manager in
    pacman) by_hand='pacman -S' ;;
    *) by_hand="$manager install" ;;
  esac
  rights=''
  if [[ $manager != brew && $(id -u) != 0 ]]; then rights=sudo; fi
}

# May we install PACKAGES? Root and brew need no rights; else the person, or VOICECOACH_SETUP=yes.
may_install() {
  local answer=''
  [[ -n $rights ]] || return 0
  if lacks_command sudo; then
    say "Set-up may not install what is missing: have somebody run \"$by_hand $*\" as root, and then run $me --set-up."
    return 1
  fi
  if [[ ${VOICECOACH_SETUP:-} == yes ]]; then
    if [[ ! -t 0 ]]; then rights='sudo -n'; fi
    return 0
  fi
  if [[ ! -t 0 || ! -t 2 ]]; then
    say "Set-up may not install what is missing, because nobody is here to be asked: run \"sudo $by_hand $*\" and then $me --set-up."
    return 1
  fi
  say "Set-up needs to install $*, with \"sudo $by_hand\"."
  printf 'Allow? yes/no: ' >&2
  read -r answer || true
  case $answer in
    [yY] | [yY][eE][sS]) return 0 ;;
    *) say "Nothing was installed." && return 1 ;;
  esac
}

# install_for GROUP ...: finds what the groups lack, asks once, installs group by group.
install_for() {
  local group need all='' fresh=''
  find_python
  find_manager
  for group in "$@"; do
    for need in $("$group"); do all="$all $(packages_for "$need")"; done
  done
  [[ -n ${all// /} ]] || return 0
  if [[ -z $manager ]]; then
    say "Set-up needs a C compiler, PortAudio with its headers, eSpeak NG and Python 3.11 with venv and headers, and knows no package manager here: install what is missing by hand."
    return 0
  fi
  find_install
  # shellcheck disable=SC2086 # several words
  may_install $all || return 0
  for group in "$@"; do
    find_python
    all=''
    for need in $("$group"); do all="$all $(packages_for "$need")"; done
    [[ -n ${all// /} ]] || continue
    if [[ $manager == apt-get && -z $fresh ]]; then
      # shellcheck disable=SC2086 # `sudo -n` is two words, and root has none
      run $rights apt-get update || true # a broken list of somebody else's need not matter
      fresh=yes
    fi
    # shellcheck disable=SC2086 # several words
    run $rights "${install[@]}" $all || say "This could not be installed:$all. Going on without; the reason stands in $log."
  done
}

# --- the .venv ------------------------------------------------------------------------------------

# Is the .venv whole, made for this folder, with a Python that still runs and has pip?
whole_venv() {
  [[ -x $venv/bin/python && ! -e $venv/set-up.begun ]] &&
    made_here &&
    "$venv/bin/python" -c 'import pip, sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 </dev/null
}

# venv, uv and virtualenv all write the path down, each with its own quotes.
made_here() {
  sed -n 's/^ *//; s/^export //; s/^VIRTUAL_ENV=//p' "$venv/bin/activate" 2>/dev/null |
    grep -qxF -e "$venv" -e "\"$venv\"" -e "'$venv'"
}

make_venv() {
  local leftover
  if whole_venv; then
    : >"$venv/set-up.begun"
    return
  fi
  if [[ -z $python ]]; then
    if [[ -n $bare ]]; then
      give_up "Python $bare is here without its venv module: install the package python$bare-venv and $again."
    fi
    give_up "voicecoach needs Python 3.11 or newer, and ${old:+only }${old:-none} was found: install it (python.org/downloads, or your package manager) and $again."
  fi
  for leftover in "$root"/.venv.old.*; do rm -rf "$leftover"; done
  if [[ -e $venv || -L $venv ]]; then
    say "The folder .venv is half made, or was made for another place or Python: it is made anew."
    # Renamed first: a deletion that is interrupted must not leave something that looks whole.
    { mv "$venv" "$root/.venv.old.$$" && rm -rf "$root/.venv.old.$$"; } 2>>"$log" ||
      give_up "The folder $venv cannot be replaced: delete it, or have its owner delete it, and $again."
  fi
  # The mark comes before the first file, and goes away with the stamp.
  { mkdir "$venv" && : >"$venv/set-up.begun"; } 2>>"$log" && run "$python" -m venv "$venv" && return
  failed "No Python environment could be made in $venv"
}

# Ends with one sentence. The mark `begun` stays, so that the next set-up starts afresh.
failed() {
  find_reason
  if [[ -n ${VOICECOACH_SHOW_LOG:-} ]]; then tail -n 30 "$log" >&2; fi
  give_up "$1: ${reason:-$again after a look at what went wrong}. All is written in $log."
}

pip_install() {
  (
    cd "$root" || exit 1
    # A person's pip settings for elsewhere must not lead out of the .venv.
    export PIP_USER=0 PIP_REQUIRE_VIRTUALENV=0 PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_RETRIES=1
    if [[ $(uname) == Darwin ]] && prefix=$(brew --prefix 2>/dev/null); then
      export CFLAGS="-I$prefix/include ${CFLAGS:-}" LDFLAGS="-L$prefix/lib ${LDFLAGS:-}"
    fi
    run .venv/bin/python -m pip install --no-input -e "$1"
  )
}

# install_packages KIND WAS_READY: the Python packages, with sound if it can be had.
install_packages() {
  local with=audio without='.'
  if [[ $1 == test ]]; then with=audio,dev without='.[dev]'; fi
  say "Installing the Python packages; this takes about a minute."
  rm -f "$venv/no-sound"
  if pip_install ".[$with]" && "$venv/bin/python" -P -c 'import pyaudio' >>"$log" 2>&1 </dev/null; then return; fi
  find_reason
  if [[ -n $reason && $2 == yes ]]; then
    # pip changes nothing before all is fetched: what ran yesterday runs today.
    rm -f "$venv/set-up.begun"
    say "The set-up is out of date and cannot be renewed now, because $reason. Going on with what is here."
    return 2
  fi
  if [[ -n $reason ]]; then failed "The Python packages could not be installed"; fi
  say "PyAudio could not be built, so this will be without sound; the reason stands in $log."
  if [[ $(uname) == Darwin ]] && ! xcode-select -p >/dev/null 2>&1; then
    say "For sound, Apple's compiler is needed: run \"xcode-select --install\" and then $me --set-up."
  fi
  pip_install "$without" || failed "The Python packages could not be installed"
  : >"$venv/no-sound"
}

# --- one at a time --------------------------------------------------------------------------------

# Sets `waited` if another set-up was at work meanwhile.
take_lock() {
  local holder=''
  waited=''
  until ln -s "$$" "$lock" 2>/dev/null; do
    holder=$(readlink "$lock" || true)
    if [[ -n $holder ]] && at_work "$holder"; then
      [[ -n $waited ]] || say "Another set-up is at work here, process $holder; waiting for it."
      waited=yes
      sleep 1
    elif ! rm -f "$lock" 2>/dev/null || [[ ! -w $root ]]; then # whoever took it was killed
      give_up "The folder $root cannot be written to: copy it to a place of your own and $again there."
    fi
  done
  trap 'rm -f "$lock"' EXIT
  trap 'say "The set-up was interrupted. To go on, $again."; exit 130' INT TERM HUP
}

# Is PROCESS a set-up, or did one that was killed leave its pip behind in the process group? Its number
# may belong to somebody else by now, or to us, as in a container started anew.
at_work() {
  [[ $1 != "$$" ]] || return 1
  if [[ -r /proc/$1/cmdline ]]; then
    grep -q -e coach -e test "/proc/$1/cmdline"
  else
    kill -0 "$1" 2>/dev/null || kill -0 -- "-$1" 2>/dev/null
  fi
}

drop_lock() {
  trap - EXIT INT TERM HUP
  rm -f "$lock"
}

# set_up KIND: makes the checkout ready for `coach` or `test`, or ends with a sentence.
set_up() {
  local kind=$1 recipe='' was_ready=no python='' bare='' old='' python_name='' python_version=''
  local manager='' install=() by_hand='' rights='' reason='' pip_status=0 waited=''
  [[ -w $root ]] || give_up "The folder $root cannot be written to: copy it to a place of your own and $again there."
  take_lock
  if [[ -n $waited ]] && ready "$kind"; then
    drop_lock
    return
  fi
  : 2>/dev/null >"$log" || give_up "The file $log cannot be written: see to its rights and to the space on the disk, and $again."
  say "Setting up voicecoach in $root, once."
  if [[ -f $venv/set-up.$kind ]] && whole_venv; then was_ready=yes; fi
  if [[ $kind == test ]]; then
    install_for needs_to_run needs_to_sound needs_to_test needs_of_pages
  else
    install_for needs_to_run needs_to_sound
  fi
  find_python
  make_venv
  install_packages "$kind" "$was_ready" || pip_status=$?
  if [[ $pip_status == 0 ]]; then
    read_recipe
    stamp "$kind"
    # Whoever can test can coach.
    if [[ $kind == test ]]; then stamp coach; fi
    rm -f "$venv/set-up.begun"
    say "The set-up is done."
  fi
  drop_lock
}

# Written aside and moved, so that a stamp is whole or absent.
stamp() {
  { printf '%s' "$recipe" >"$venv/set-up.new" && mv -f "$venv/set-up.new" "$venv/set-up.$1"; } 2>>"$log" ||
    failed "The set-up could not be finished"
}
