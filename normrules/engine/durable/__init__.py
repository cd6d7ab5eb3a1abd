"""Forward chaining: events come in as facts, durable-rules fires the rules, facts chain."""
