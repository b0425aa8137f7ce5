module sandgate.invalid/benches

go 1.22
