#compdef glue-conformance
# zsh completion of glue-conformance, made by `glue-conformance completion zsh`

# Words, of which one that ends with a colon has the path of a file behind it.
_glue_conformance_words() {
  local -a plain=(${@:#*:}) prefixes=(${(M)@:#*:})
  if [[ $PREFIX == *:* ]] && (( ${prefixes[(Ie)${PREFIX%%:*}:]} )); then
    compset -P '*:'
    _files
    return
  fi
  compadd -a plain
  compadd -S '' -a prefixes
}

# What the program, as it was typed, knows.
_glue_conformance_ids() {
  local -a ids=(${(f)"$(_call_program $1 $program completion $1 2>/dev/null)"})
  compadd -a ids
}

# (commands)

if [[ $funcstack[1] == _glue-conformance ]]; then
  _glue_conformance "$@"
else
  compdef _glue_conformance glue-conformance
fi
