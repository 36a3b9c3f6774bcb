# bash completion of glue-conformance, made by `glue-conformance completion bash`

_glue_conformance_words() {
  local word before=
  words=()
  # Bash takes "=" and ":" for blanks: what belongs together is put together again.
  for word in "${COMP_WORDS[@]:1:COMP_CWORD}"; do
    if [[ ${#words[@]} -gt 0 && ( $word == [=:]* || $before == *[=:] ) ]]; then
      words[${#words[@]}-1]+=$word
    else
      words+=("$word")
    fi
    before=$word
  done
}

_glue_conformance_reply() { # what is offered, one a line
  local prefix=
  # Where the user keeps bash from breaking words, what is before the break has to be said again.
  [[ $value == *:* && $COMP_WORDBREAKS != *:* ]] && prefix=${value%%:*}:
  [[ $current == --*=* && $COMP_WORDBREAKS != *=* ]] && prefix=${current%%=*}=$prefix
  [[ -z $1 ]] || mapfile -t COMPREPLY <<<"$1"
  [[ -z $prefix ]] || COMPREPLY=("${COMPREPLY[@]/#/$prefix}")
}

_glue_conformance_value() { # the kind of the value, then what is typed of it
  local typed=$2
  case $1 in
    words*)
      if [[ $typed == *:* && " ${1#words } " == *" ${typed%%:*}: "* ]]; then
        _glue_conformance_value files "${typed#*:}"
        return
      fi
      _glue_conformance_reply "$(compgen -W "${1#words }" -- "$typed")"
      [[ ${#COMPREPLY[@]} -ne 1 || ${COMPREPLY[0]} != *: ]] || compopt -o nospace
      ;;
    files)
      compopt -o filenames
      _glue_conformance_reply "$(compgen -f -- "$typed")"
      ;;
    folders)
      compopt -o filenames
      _glue_conformance_reply "$(compgen -d -- "$typed")"
      ;;
    cases | subjects | deviations)
      _glue_conformance_reply "$(compgen -W "$("${program/#\~/$HOME}" completion "$1" 2>/dev/null)" -- "$typed")"
      ;;
  esac
}

# (commands)

_glue_conformance() {
  local program=$1 words command current option value kind='' options='' positional=''
  COMPREPLY=()
  _glue_conformance_words
  local -i last=${#words[@]}-1
  current=${words[last]}
  _glue_conformance_command
  option='' value=$current
  if [[ $current == --*=* ]]; then
    option=${current%%=*} value=${current#*=}
  elif ((last > 0)); then
    option=${words[last-1]}
  fi
  _glue_conformance_describe "$command" "$option"
  if [[ -n $kind ]]; then
    _glue_conformance_value "$kind" "$value"
  elif [[ $current == -* ]]; then
    _glue_conformance_reply "$(compgen -W "$options" -- "$current")"
  else
    _glue_conformance_value "$positional" "$current"
  fi
}

complete -F _glue_conformance glue-conformance
