// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IAccessControl } from "@openzeppelin/contracts/access/IAccessControl.sol";
import { ICouncil } from "../interfaces/ICouncil.sol";

/// @title Which calls decide about who governs, rather than about what is done.
/// @notice Governor and timelock read a call by its target and selector alone, so that both answer alike.
library Offices {
    /// @notice Whether a call seats a member of the council: the council's veto does not reach a vote on itself.
    function seats(address council, address target, bytes4 selector) internal pure returns (bool) {
        return target == council && selector == ICouncil.setMember.selector;
    }

    /// @notice Whether a call changes an office: anything of the timelock itself, a seat of the council, a role anywhere.
    function changes(address timelock, address council, address target, bytes4 selector) internal pure returns (bool) {
        return target == timelock || seats(council, target, selector) || selector == IAccessControl.grantRole.selector
            || selector == IAccessControl.revokeRole.selector || selector == IAccessControl.renounceRole.selector;
    }
}
