// Of types that both engines' copies of this assembly share.
global using Result = (string Name, string Kind, long[] Shape, System.Array Values);
