package dev.channels.console;

import java.util.List;

/** Where the console is within the application. */
final class ConsolePaths {

    static final String PAGE = "/channels/console";
    static final String STYLE = PAGE + "/console.css";
    static final String SCRIPT = PAGE + "/console.js";
    static final String STATE = PAGE + "/state";
    static final String STREAM = PAGE + "/stream";
    static final String PUBLISH = PAGE + "/publish";
    static final String DISCONNECT = PAGE + "/disconnect";
    static final String FORGET = PAGE + "/forget";

    /** Those that change something. */
    static final List<String> ACTING = List.of(PUBLISH, DISCONNECT, FORGET);

    /** All of them. */
    static final List<String> ALL =
            List.of(PAGE, STYLE, SCRIPT, STATE, STREAM, PUBLISH, DISCONNECT, FORGET);

    private ConsolePaths() {}
}
