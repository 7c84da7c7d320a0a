package dev.channels.matrix;

/** Tomcat of Jakarta EE 11. */
final class Tomcat11Smoke extends ServerSmoke {

    Tomcat11Smoke() {
        super(new TomcatSmokeServer("Tomcat", "tomcat-11", 21));
    }
}
