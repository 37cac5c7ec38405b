# bash completion for bleepd
_bleepd() {
  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]}
  case $before in
    --config|--rics) mapfile -t COMPREPLY < <(compgen -f -- "$word"); return ;;
    --format) mapfile -t COMPREPLY < <(compgen -W 'json csv html text' -- "$word"); return ;;
  esac
  if [ "$COMP_CWORD" -eq 1 ]; then
    mapfile -t COMPREPLY < <(compgen -W "$(bleepd --help 2>/dev/null | sed -n '/^Commands:/,$s/^  \([a-z][a-z-]*\).*/\1/p')" -- "$word")
  elif [ "${word:0:1}" = - ]; then
    mapfile -t COMPREPLY < <(compgen -W "$(bleepd "${COMP_WORDS[1]}" --help 2>/dev/null | grep -o -- '--[a-z-]*')" -- "$word")
  else
    mapfile -t COMPREPLY < <(compgen -f -- "$word")
  fi
}
complete -F _bleepd bleepd
