// Runs the tests on CPython for WebAssembly: `node pyodide.mjs FOLDER`, where the folder holds them and the packages.
import { loadPyodide } from "pyodide";

const python = await loadPyodide();
python.mountNodeFS("/suite", process.argv[2]);
python.FS.chdir("/suite");
python.globals.set("options", python.toPy(process.argv.slice(3)));
process.exitCode = python.runPython(`
import sys
sys.path.insert(0, "/suite")
sys.dont_write_bytecode = True
import pytest
int(pytest.main(["-p", "tests.absent", "-p", "no:cacheprovider", *options]))
`);
