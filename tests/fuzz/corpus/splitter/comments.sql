-- a;b
SELECT /* ; /* ; */ ; */ 1; -- end
/* only a comment */;
SELECT 2 - -1 /2*/**/3