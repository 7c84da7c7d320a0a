package dev.channels.backend.postgresql;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Of a contract that runs on another version of PostgreSQL than the newest one. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@interface OnServer {

    /** The version, as the build names the JAR with its binaries. */
    String value();
}
