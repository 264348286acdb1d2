// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { Mode, Rules, Terms } from "../interfaces/ITaskMarket.sol";

/// @title The two words in which a task keeps its rules and its windows; their layout is told at `Task`.
library Packed {
    uint256 internal constant FEE = 0;
    uint256 internal constant YIELD_RATE = 1;
    uint256 internal constant NO_START_RATE = 2;
    uint256 internal constant MISSED_RATE = 4;
    uint256 internal constant UNREVEALED_RATE = 5;
    uint256 internal constant MAX_ROUNDS = 9;

    uint256 internal constant BID = 0;
    uint256 internal constant REVEAL = 1;
    uint256 internal constant START = 2;
    uint256 internal constant DELIVER = 3;
    uint256 internal constant REVIEW = 4;
    uint256 internal constant CHALLENGE = 5;
    uint256 internal constant LEASE_TTL = 6;
    uint256 internal constant GRACE = 7;

    /// @notice One of the first ten rules, by its place.
    function rule(uint256 rules, uint256 place) internal pure returns (uint256) {
        return uint16(rules >> (16 * place));
    }

    /// @notice A window in seconds, by its place.
    function window(uint256 windows, uint256 place) internal pure returns (uint64) {
        return uint32(windows >> (32 * place));
    }

    function pack(Rules memory rules) internal pure returns (uint256) {
        uint256 rates = uint256(rules.fee) | (uint256(rules.yieldRate) << 16) | (uint256(rules.noStartRate) << 32)
            | (uint256(rules.lapseRate) << 48) | (uint256(rules.missedRate) << 64)
            | (uint256(rules.unrevealedRate) << 80);
        uint256 weights = (uint256(rules.wPrice) << 96) | (uint256(rules.wRep) << 112) | (uint256(rules.wRec) << 128);
        return rates | weights | (uint256(rules.maxRounds) << 144) | (uint256(rules.recHalfLife) << 160)
            | (uint256(rules.repK) << 192);
    }

    function unpack(uint256 word) internal pure returns (Rules memory rules) {
        rules.fee = uint16(word);
        rules.yieldRate = uint16(word >> 16);
        rules.noStartRate = uint16(word >> 32);
        rules.lapseRate = uint16(word >> 48);
        rules.missedRate = uint16(word >> 64);
        rules.unrevealedRate = uint16(word >> 80);
        rules.wPrice = uint16(word >> 96);
        rules.wRep = uint16(word >> 112);
        rules.wRec = uint16(word >> 128);
        rules.maxRounds = uint16(word >> 144);
        rules.recHalfLife = uint32(word >> 160);
        rules.repK = uint64(word >> 192);
    }

    function pack(Terms memory terms) internal pure returns (uint256) {
        // Only a sealed auction has something to reveal.
        uint256 reveal = terms.mode == uint8(Mode.SEALED) ? terms.revealWindow : 0;
        uint256 before = uint256(terms.bidWindow) | (reveal << 32) | (uint256(terms.startWindow) << 64)
            | (uint256(terms.deliverWindow) << 96);
        return before | (uint256(terms.reviewWindow) << 128) | (uint256(terms.challengeWindow) << 160)
            | (uint256(terms.leaseTtl) << 192) | (uint256(terms.grace) << 224);
    }
}
