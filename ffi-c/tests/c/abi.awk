# From sandgate.h, a C program that prints the sizes, alignments and offsets of its structs and the values of its
# constants. Made from the header itself, so that nothing in it is forgotten.

BEGIN {
    print "#include <sandgate.h>\n#include <stddef.h>\n#include <stdio.h>\n"
    print "#define STRUCT(type) printf(\"struct %s size %zu align %zu\\n\", #type, sizeof(type), _Alignof(type))"
    print "#define FIELD(type, name) \\"
    print "    printf(\"    %s offset %zu size %zu\\n\", #name, offsetof(type, name), sizeof(((type *)0)->name))"
    print "#define VALUE(name) printf(\"%s = %lld\\n\", #name, (long long)name)\n"
    print "int main(void)\n{"
}

/^ *\/\// { next }
/^ *\/\*/ { comment = 1 }
comment { if (/\*\//) comment = 0; next }

/^#define SANDGATE_[A-Z0-9_]+ -?[0-9]+/ { print "    VALUE(" $2 ");" }
/^ *SANDGATE_[A-Z0-9_]+ = -?[0-9]+,?$/ { print "    VALUE(" $1 ");" }

/^typedef struct.*\{$/ { fields = 0; inside = 1; next }
inside && /^\}/ {
    type = $2
    sub(/;/, "", type)
    print "    STRUCT(" type ");"
    for (at = 1; at <= fields; at++)
        print "    FIELD(" type ", " field[at] ");"
    inside = 0
}
inside && /;$/ {
    name = $NF
    gsub(/[*;]|\[.*/, "", name)
    field[++fields] = name
}

END { print "    return 0;\n}" }
