.PHONY: run test lock docs
run: ; python3 start.py
test: ; python3 start.py test
lock: ; python3 .ci/lock.py
docs: ; .venv/bin/python .ci/documents.py
