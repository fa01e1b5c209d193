.PHONY: run test lock
run: ; python3 start.py
test: ; python3 start.py test
lock: ; python3 .ci/lock.py
