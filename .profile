# Heroku reads this before it starts a process: libraries of the Aptfile that lie in folders of their own.
libraries="/app/.apt/usr/lib/x86_64-linux-gnu"
export LD_LIBRARY_PATH="$LD_LIBRARY_PATH:$libraries/pulseaudio:$libraries/openblas-pthread"
