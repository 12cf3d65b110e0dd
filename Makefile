# Every command makes what it needs first: environment, packages, front-end files. `make help` lists them.
PYTHON ?= $(firstword $(foreach name,python3 python3.13 python3.12 python3.14 python3.11,$(shell command -v $(name) 2>/dev/null)))
ifeq ($(PYTHON),)
$(error 需要 Python 3.11 或更高版本 / Python 3.11 or newer is needed)
endif
MAKE_READY = @$(PYTHON) deploy/bootstrap.py
.DEFAULT_GOAL := help
.PHONY: help run test test-long check fix bench messages lock clean

help: ## 列出命令 / list the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' Makefile

run: ## 启动 / start web, worker, beat and broker (PORT, DATABASE_URL, REDIS_URL, EMAIL_URL, PERFTRACK_DEMO_PASSWORD)
	$(MAKE_READY) deploy.run

test: ## 全部检查与测试 / every check and test
	$(MAKE_READY) --tests deploy.test

test-long: ## 同上，次数更多 / the same with full counts
	@PERFTRACK_LONG=1 $(PYTHON) deploy/bootstrap.py --tests deploy.test

check: ## 静态检查 / static checks only
	$(MAKE_READY) --tests deploy.check

fix: ## 自动整理代码 / run the writers
	$(MAKE_READY) --tests deploy.check --fix

bench: ## 测量速度 / measure
	$(MAKE_READY) --tests benchmarks

messages: ## 收集待译文字 / collect strings to translate into locale/
	$(MAKE_READY) --tests deploy.messages

lock: ## 重新锁定依赖 / resolve the locks anew
	$(MAKE_READY) --tests deploy.lock

clean: ## 删除生成的文件；DATA=1 连同 var/ 数据 / remove what was made; DATA=1 the data in var/ too
	@$(PYTHON) deploy/clean.py $(if $(DATA),--data)
