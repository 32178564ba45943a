SELECT 'a;b''c', E'a\';b', U&'d\0061;', B'01;', X'f;', N'n;', $$a;b$$, $t$a;$$;b$t$, "q;""r";
SELECT E'a'
'b\';c';
