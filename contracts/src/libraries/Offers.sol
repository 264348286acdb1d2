// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { ITaskMarket, Mode, Terms, Verification } from "../interfaces/ITaskMarket.sol";
import { Domains } from "./Domains.sol";

/// @title What a client may ask for: the bounds of every term.
library Offers {
    uint256 private constant MIN_BOND = 10e18;
    uint256 private constant MIN_BOND_BPS = 2_000;
    uint256 private constant BPS = 10_000;

    /// @notice Refuses terms outside their bounds; `time` is now, `cap` the highest price.
    function check(Terms memory terms, uint256 agentId, uint256 time, uint256 cap) internal pure {
        require(terms.mode <= uint8(Mode.SEALED), ITaskMarket.UnknownMode(terms.mode));
        require(
            terms.verification <= uint8(Verification.OPTIMISTIC), ITaskMarket.UnknownVerification(terms.verification)
        );
        require(
            (terms.mode == uint8(Mode.DIRECT)) == (agentId != 0), ITaskMarket.AgentAndModeDiffer(terms.mode, agentId)
        );
        require(!Domains.isReserved(terms.domain), ITaskMarket.ReservedDomain(terms.domain));
        require(
            terms.minReputation == int256(int128(terms.minReputation)),
            ITaskMarket.ReputationOutOfRange(terms.minReputation)
        );
        _within("maxPrice", terms.maxPrice, 1, cap);
        uint256 lowest = (terms.maxPrice * MIN_BOND_BPS + BPS - 1) / BPS;
        if (lowest < MIN_BOND) lowest = MIN_BOND;
        _within("agentBond", terms.agentBond, lowest, terms.maxPrice > MIN_BOND ? terms.maxPrice : MIN_BOND);
        _checkWindows(terms);
        _within("expiresAt", terms.expiresAt, 0, type(uint40).max);
        uint256 reveal = terms.mode == uint8(Mode.SEALED) ? terms.revealWindow : 0;
        uint256 earliest = time + terms.bidWindow + reveal + terms.startWindow + terms.deliverWindow;
        // Somebody must have the time to match the best bid; a direct task is matched by its bid.
        if (agentId == 0) earliest += terms.startWindow;
        require(terms.expiresAt >= earliest, ITaskMarket.ExpiresTooSoon(terms.expiresAt, earliest));
    }

    function _checkWindows(Terms memory terms) private pure {
        // Whoever waits for one agent alone keeps nobody else waiting.
        _within("bidWindow", terms.bidWindow, 60, terms.mode == uint8(Mode.DIRECT) ? 90 days : 7 days);
        if (terms.mode == uint8(Mode.SEALED)) _within("revealWindow", terms.revealWindow, 60, 7 days);
        _within("startWindow", terms.startWindow, 60, 1 days);
        _within("deliverWindow", terms.deliverWindow, 60, 90 days);
        _within("reviewWindow", terms.reviewWindow, 1 hours, 14 days);
        _within("challengeWindow", terms.challengeWindow, 10 minutes, 2 days);
        _within("leaseTtl", terms.leaseTtl, 30, 3_600);
        _within("grace", terms.grace, 0, 600);
    }

    function _within(bytes32 name, uint256 found, uint256 lowest, uint256 highest) private pure {
        require(found >= lowest && found <= highest, ITaskMarket.OutsideTerms(name, found, lowest, highest));
    }
}
