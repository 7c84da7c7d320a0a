package dev.channels.testkit;

/** The server that the tests run on. */
public final class TestedServer {

    private static final String NAME = System.getProperty("tested.server", "");

    private TestedServer() {}

    /** Tells whether it is GlassFish, which the tests take for a Payara otherwise. */
    public static boolean isGlassFish() {
        return NAME.startsWith("GlassFish");
    }

    /** Tells whether it is GlassFish of Jakarta EE 11. */
    public static boolean isGlassFish8() {
        return NAME.startsWith("GlassFish 8");
    }

    /** Tells whether it is Payara of Jakarta EE 11. */
    public static boolean isPayara7() {
        return NAME.startsWith("Payara 7");
    }

    /** Tells whether it binds a data source of an application after the start of CDI. */
    public static boolean bindsDataSourcesLate() {
        return NAME.startsWith("GlassFish 7");
    }

    /** Tells whether it answers 503 where a path has a colon, before it asks any filter. */
    public static boolean refusesColons() {
        return NAME.startsWith("Payara 7") || NAME.startsWith("GlassFish 7");
    }
}
